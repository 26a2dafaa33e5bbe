/// The script of a report: headers of tables become buttons that sort the rows, upwards, downwards, and as they were. Numbers go by every
/// digit, intervals by where they begin; what is no number stands last either way; rows that are equal stay in their order.
let htmlScript = """
    "use strict";
    (function () {
      var order = new Intl.Collator("en", { numeric: true });
      function number(cell) {
        var text = cell.dataset.v === undefined ? cell.textContent : cell.dataset.v;
        text = text.trim().replace(/\\u2212/g, "-");
        if (/^\\[.*\\]$/.test(text)) { text = text.slice(1).split(/[,;]/)[0]; }
        return text.trim() === "" ? NaN : Number(text);
      }
      function isNumber(cell) { return cell.textContent.trim() === "" || !isNaN(number(cell)); }
      function compare(areNumbers, column, sign) {
        return function (a, b) {
          var x = a.cells[column], y = b.cells[column];
          if (!areNumbers) { return sign * order.compare(x.textContent, y.textContent); }
          var p = number(x), q = number(y);
          if (isNaN(p) || isNaN(q)) { return (isNaN(p) ? 1 : 0) - (isNaN(q) ? 1 : 0); }
          return sign * (p < q ? -1 : p > q ? 1 : 0);
        };
      }
      document.querySelectorAll("table.grid").forEach(function (table) {
        var body = table.tBodies[0];
        if (!table.tHead || !body || body.rows.length < 2) { return; }
        var rows = Array.from(body.rows), heads = Array.from(table.tHead.rows[0].cells);
        heads.forEach(function (head, column) {
          var button = document.createElement("button");
          button.type = "button";
          while (head.firstChild) { button.appendChild(head.firstChild); }
          head.appendChild(button);
          button.addEventListener("click", function () {
            var next = { ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")] || "ascending";
            heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
            var shown = rows.slice();
            var areNumbers = head.classList.contains("n") || rows.every(function (row) { return isNumber(row.cells[column]); });
            if (next !== "none") {
              head.setAttribute("aria-sort", next);
              shown.sort(compare(areNumbers, column, next === "ascending" ? 1 : -1));
            }
            shown.forEach(function (row) { body.appendChild(row); });
          });
        });
      });
    })();
    """
