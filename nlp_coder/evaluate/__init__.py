"""Gold in, figures out: pure functions that compare what the program says with what careful readers say."""
