#!/usr/bin/env python3
"""Makes docs/quickstart.svg, the picture at the top of README: the script of experiments/quickstart.ecdx beside its figures.

    .build/release/ecdx run experiments/quickstart.ecdx
    python3 scripts/readme-picture.py .build/release/ecdx

The words are coloured by the lists of `ecdx help --words`, the figures are those that the script wrote to experiments/out.
"""
import html
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
out = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else root / "experiments" / "out"
words = {}
for line in subprocess.run([sys.argv[1], "help", "--words"], check=True, capture_output=True, text=True).stdout.splitlines():
    group, *names = line.split()
    for name in names:
        words.setdefault(name, group)
colours = {
    "actions": "#8250df", "keywords": "#8250df", "kinds": "#8250df", "constants": "#0550ae", "words": "#0550ae", "builtins": "#953800",
}
token = re.compile(r'(?P<comment>#.*)|(?P<text>"(?:\\.|[^"\\])*")|(?P<number>\b[0-9][0-9.]*(?:e-?[0-9]+)?%?)|(?P<name>[A-Za-z_]\w*)(?P<field>:)?')
size, step, left, top, width = 10.5, 15, 18, 22, 900


def coloured(line):
    """The line as spans, a colour each; a name before a colon is a field."""
    result, at = [], 0
    for match in token.finditer(line):
        result.append(html.escape(line[at:match.start()]))
        kind, text = match.lastgroup if match.lastgroup != "field" else "field", match.group()
        colour = {"comment": "#57606a", "text": "#0a3069", "number": "#0550ae", "field": "#116329"}.get(kind)
        if kind == "name":
            colour = colours.get(words.get(text, ""))
        result.append(f'<tspan fill="{colour}">{html.escape(text)}</tspan>' if colour else html.escape(text))
        at = match.end()
    return "".join(result) + html.escape(line[at:])


def figure(name, x, y, wide):
    """A figure as a nested drawing of that width, its ids made its own, and its height."""
    svg = (out / f"{name}.svg").read_text()
    svg = svg[svg.index("<svg"):]
    w, h = (float(n) for n in re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg).groups())
    svg = re.sub(r"""\bid=(['"])""", rf"id=\1{name}-", svg)
    svg = re.sub(r"""href=(['"])#""", rf"href=\1#{name}-", svg).replace("url(#", f"url(#{name}-")
    tall = wide * h / w
    head = f'<svg x="{x}" y="{y:.1f}" width="{wide}" height="{tall:.1f}" viewBox="0 0 {w:g} {h:g}" xmlns:xlink="http://www.w3.org/1999/xlink">'
    return head + svg[svg.index(">") + 1:], tall


script = (root / "experiments" / "quickstart.ecdx").read_text()
# From the data to the table and the figures for the screen; those for print are the same again.
lines = [line for line in script[script.index("# %% Data"):].splitlines() if ".png" not in line and not line.startswith("let ")]
lines = [line for line in lines if "plot planes" not in line]
texts = [
    f'<text x="{left}" y="{top + step * (index + 1)}" xml:space="preserve">{coloured(line)}</text>'
    for index, line in enumerate(lines) if line
]
right = 590
parity, tall = figure("parity", right, 8, width - right - 8)
curves, lower = figure("curves", right, 8 + tall + 8, width - right - 8)
height = max(top + step * (len(lines) + 1), tall + lower + 24)
picture = f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height:.0f}" viewBox="0 0 {width} {height:.0f}">
<title>The script experiments/quickstart.ecdx beside two of its figures</title>
<rect width="{width}" height="{height:.0f}" fill="#ffffff"/>
<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1:.0f}" rx="6" fill="none" stroke="#d0d7de"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="{size}" fill="#1f2328">
{chr(10).join(texts)}
</g>
{parity}
{curves}
</svg>
"""
target = root / "docs" / "quickstart.svg"
target.write_text(picture)
print(f"wrote: {target.relative_to(root)}, {len(picture.encode()) // 1000} kB")
