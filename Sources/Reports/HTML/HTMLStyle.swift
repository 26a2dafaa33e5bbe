/// The style of a report: words in a serif, code and numbers in faces made for them, one colour for what can be followed, and what
/// screens that are dark or narrow and paper need.
let htmlStyle = """
    :root { color-scheme: light dark; --page: #fdfdfb; --ink: #1f2328; --soft: #5d646d; --line: #dcdcd6; --box: #f5f5f1; --link: #1d5a8c;
      --red: #a3262a; --amber: #8a5a00; --k: #7a3e86; --t: #1d5a8c; --b: #205f7a; --f: #4d5560; --v: #935116; --s: #3c6b35; --r: #767c85;
      --serif: Charter, "Bitstream Charter", "Source Serif 4", "Iowan Old Style", "Palatino Linotype", "DejaVu Serif", Georgia, serif;
      --sans: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", Arial, sans-serif;
      --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --page: #16181b; --ink: #dcdedf; --soft: #9aa1a9; --line: #33373c; --box: #1e2125; --link: #82b4de; --red: #ef8d8a;
        --amber: #dfb265; --k: #c79bd1; --t: #82b4de; --b: #86bfd4; --f: #aab1ba; --v: #dba273; --s: #9cc48f; --r: #878e97; }
      figure img { background: #fff; border-radius: 4px; }
    }
    * { box-sizing: border-box; }
    html { font-size: 106.25%; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 3.2rem 1.4rem 5rem; max-width: 56rem; background: var(--page); color: var(--ink);
      font: 1rem/1.58 var(--serif); overflow-wrap: anywhere; }
    h1, h2, h3, h4, h5, h6 { font-weight: 600; line-height: 1.22; text-wrap: balance; margin: 2.6rem 0 .7rem; }
    h1 { font-size: 2rem; margin: 0 0 .35rem; letter-spacing: -.01em; }
    h2 { font-size: 1.36rem; }
    h3 { font-size: 1.08rem; margin-top: 2rem; }
    h4, h5, h6 { font-size: 1rem; font-style: italic; }
    p, ul, ol, blockquote, table { margin: 0 0 1rem; }
    ul, ol { padding-left: 1.4rem; }
    li { margin: .2rem 0; }
    a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .16em; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    hr { border: 0; border-top: 1px solid var(--line); margin: 2.2rem auto; width: 30%; }
    blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
    code, pre { font-family: var(--mono); font-size: .84rem; }
    p code, li code, td code, th code { font-size: .88em; }
    .origin { color: var(--soft); margin: 0; }
    .picture { color: var(--soft); font-style: italic; }
    .unseen { font: .72em var(--mono); color: var(--red); border: 1px solid; border-radius: 3px; padding: 0 .2em; unicode-bidi: isolate; }
    nav { margin: 1.8rem 0 0; font: .88rem/1.45 var(--sans); }
    nav ol { list-style: none; margin: 0; padding: .9rem 0; border: solid var(--line); border-width: 1px 0;
      columns: 17rem; column-gap: 2rem; }
    nav li { break-inside: avoid; margin: 0; padding: .14rem 0; }
    nav .inner { padding-left: 1rem; }
    nav a { color: inherit; text-decoration: none; }
    nav a:hover { color: var(--link); text-decoration: underline; }
    .cell { margin: 0 0 1.6rem; }
    .words { max-width: 40rem; }
    header + main > .words:first-child, nav + main > .words:first-child { margin-top: 1.6rem; }
    pre { overflow-x: auto; line-height: 1.5; margin: 0 0 1rem; tab-size: 4; unicode-bidi: isolate; }
    pre.code, pre.sample { background: var(--box); border-radius: 5px; padding: .75rem 1rem; }
    pre.code { padding-left: 3.3rem; }
    .l::before { content: attr(data-n); display: inline-block; width: 2rem; margin-left: -2.8rem; margin-right: .8rem; text-align: right;
      color: var(--soft); opacity: .6; font-size: .9em; }
    .l:target { background: color-mix(in srgb, var(--link) 18%, transparent); }
    .k { color: var(--k); } .t { color: var(--t); } .b { color: var(--b); } .f { color: var(--f); } .v { color: var(--v); }
    .s { color: var(--s); } .r { color: var(--r); font-style: italic; }
    .outputs { margin: 1rem 0 0; }
    .output, figure, .diagnostic, .written { position: relative; margin: 0 0 1.5rem; }
    .output pre { margin: 0; padding-left: 1rem; border-left: 2px solid var(--line); }
    .output pre.wrapped { white-space: pre-wrap; overflow-wrap: anywhere; }
    .place { font: .74rem/1.5 var(--sans); color: var(--soft); text-decoration: none; margin-left: .7em; white-space: nowrap; }
    .place:hover { color: var(--link); text-decoration: underline; }
    .output, .diagnostic { display: flex; flex-direction: row-reverse; align-items: baseline; }
    .output pre, .diagnostic pre { flex: 1 1 auto; min-width: 0; }
    figure { text-align: center; }
    figure img { max-width: 100%; height: auto; display: inline-block; }
    figcaption { font: .84rem/1.5 var(--sans); color: var(--soft); margin-top: .5rem; }
    .file { font-size: .92em; }
    .table, .written { text-align: left; }
    .table figcaption { margin: 0 0 .35rem; display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .8em; }
    .table .place { margin-left: auto; }
    .written { font: .84rem/1.5 var(--sans); color: var(--soft); }
    .scroll { overflow-x: auto; max-width: 100%; }
    table { border-collapse: collapse; font: .86rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums;
      border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); margin: 0; }
    .words .scroll { margin-bottom: 1rem; }
    th, td { padding: .32rem .6rem; text-align: left; vertical-align: baseline; white-space: nowrap; }
    .long { white-space: normal; overflow-wrap: break-word; min-width: 14rem; max-width: 26rem; }
    .words th, .words td { white-space: normal; overflow-wrap: break-word; }
    th:first-child, td:first-child { padding-left: .3rem; }
    th:last-child, td:last-child { padding-right: .3rem; }
    th { font-weight: 600; vertical-align: bottom; border-bottom: 1px solid var(--soft); }
    tbody tr + tr td { border-top: 1px solid var(--line); }
    tbody tr:hover td { background: var(--box); }
    .n { text-align: right; }
    .c { text-align: center; }
    .unit { font-weight: 400; color: var(--soft); }
    th button { all: unset; cursor: pointer; display: inline; }
    th button:hover { color: var(--link); }
    th button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    th[aria-sort] button::after { content: " \\2191"; color: var(--link); }
    th[aria-sort="descending"] button::after { content: " \\2193"; }
    .note { font: .8rem/1.5 var(--sans); color: var(--soft); margin: .4rem 0 0; }
    .diagnostic { border-left: 3px solid var(--amber); padding: .1rem 0 .1rem 1rem; }
    .diagnostic pre { margin: 0; }
    .diagnostic span:not(.unseen) { display: block; white-space: pre-wrap; }
    .error { border-color: var(--red); }
    .provenance { border-top: 1px solid var(--line); margin-top: 3.5rem; }
    .provenance p { margin-bottom: .4rem; }
    .provenance .table { margin-top: .8rem; }
    @media screen and (max-width: 34rem) {
      html { font-size: 100%; }
      body { padding: 1.6rem 1rem 3rem; }
      h1 { font-size: 1.6rem; }
      pre.code, pre.sample { margin-left: -1rem; margin-right: -1rem; border-radius: 0; }
      pre.code { padding-left: 2.7rem; }
      .l::before { margin-left: -2.3rem; width: 1.6rem; margin-right: .7rem; }
    }
    @media print {
      @page { margin: 18mm 16mm; }
      html { font-size: 10pt; }
      body { max-width: none; padding: 0; background: none; }
      h1, h2, h3, h4, h5, h6, .table figcaption { break-after: avoid; }
      figure, tr, .output, .diagnostic, blockquote { break-inside: avoid; }
      .table { break-inside: auto; }
      thead { display: table-header-group; }
      p, li { orphans: 3; widows: 3; }
      pre { white-space: pre-wrap; overflow: visible; }
      .scroll { overflow: visible; }
      th, td { white-space: normal; padding: .25rem .5rem; }
      .long { min-width: 0; overflow-wrap: anywhere; }
      a { color: inherit; text-decoration: none; }
      p a, li a { text-decoration: underline; }
      figure img { max-height: 22cm; }
      .place { display: none; }
      th[aria-sort] button::after { content: ""; }
    }
    """
