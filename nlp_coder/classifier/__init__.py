"""How sure a candidate code is: readable features, one calibrated model, an outcome with its reasons."""
