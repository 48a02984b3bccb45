// Sorts a table by the column whose head is pressed; the page reads the same without it.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  table.tHead.rows[0].querySelectorAll("th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "descending" ||
        (!head.hasAttribute("aria-sort") && !head.classList.contains("n"));
      const sign = down ? 1 : -1;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "ascending" : "descending");
      const key = (row) => row.cells[column].dataset.key;
      const rows = [...body.rows].sort((a, b) => {
        if (head.classList.contains("n")) {
          const one = key(a), other = key(b);
          if (one === undefined || other === undefined) return (one === undefined) - (other === undefined);
          return sign * (one - other);
        }
        return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent);
      });
      body.append(...rows);
    });
  });
}
