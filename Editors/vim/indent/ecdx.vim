" Indentation of ecdx scripts: a step for each bracket that is open, and `>>` under `>>`.
if exists("b:did_indent")
  finish
endif
let b:did_indent = 1
setlocal indentexpr=EcdxIndent(v:lnum)
setlocal indentkeys=0{,0},0),0],!^F,o,O,0=>>,0=\|>
let b:undo_indent = "setlocal indentexpr< indentkeys<"

if exists("*EcdxIndent")
  finish
endif

" The line without its strings and comment.
function! s:Code(number) abort
  return substitute(substitute(getline(a:number), '"\%(\\.\|[^"\\]\)*"\?', '""', 'g'), '#.*', '', '')
endfunction

function! s:Goes(number) abort
  return s:Code(a:number) =~# '^\s*\%(>>\||>\)'
endfunction

function! EcdxIndent(number) abort
  let l:previous = prevnonblank(a:number - 1)
  if l:previous == 0
    return 0
  endif
  let l:before = s:Code(l:previous)
  if s:Goes(a:number)
    let l:place = match(l:before, '>>\||>')
    return l:place >= 0 ? strdisplaywidth(strpart(l:before, 0, l:place)) : indent(l:previous) + shiftwidth()
  endif
  " A chain of layers ends here: back to the line that began it.
  let l:start = l:previous
  while s:Goes(l:start) && prevnonblank(l:start - 1) > 0
    let l:start = prevnonblank(l:start - 1)
  endwhile
  let l:open = 0
  for l:number in range(l:start, l:previous)
    let l:code = substitute(s:Code(l:number), '^\s*[])}]*', '', '')
    let l:open += strlen(substitute(l:code, '[^[({]', '', 'g')) - strlen(substitute(l:code, '[^])}]', '', 'g'))
  endfor
  let l:closing = s:Code(a:number) =~# '^\s*[])}]' ? 1 : 0
  let l:step = l:open > 0 ? 1 : l:open < 0 ? -1 : 0
  return max([0, indent(l:start) + (l:step - l:closing) * shiftwidth()])
endfunction
