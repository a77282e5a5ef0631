
"use strict";
(() => {
  const items = [...document.querySelectorAll(".item")];
  const marks = [...document.querySelectorAll("mark")];

  function choose(key) {
    document.body.classList.toggle("picked", key !== "");
    for (const item of items) item.classList.toggle("chosen", item.dataset.key === key);
    for (const mark of marks) mark.classList.toggle("lit", mark.dataset.keys.split(" ").includes(key));
  }

  for (const item of items) {
    item.addEventListener("focusin", () => choose(item.dataset.key));
    item.addEventListener("click", (event) => {
      choose(item.dataset.key);
      if (event.target.closest("a")) return;
      const first = marks.find((mark) => mark.classList.contains("lit"));
      if (first) first.scrollIntoView({ block: "nearest" });
    });
  }
  for (const mark of marks) {
    mark.addEventListener("click", () => {
      const keys = mark.dataset.keys.split(" ");
      const now = keys.findIndex((key) => items.some((i) => i.dataset.key === key && i.classList.contains("chosen")));
      const next = keys[(now + 1) % keys.length];
      choose(next);
      const item = items.find((one) => one.dataset.key === next);
      if (item) item.scrollIntoView({ block: "nearest" });
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") choose("");
  });
})();
