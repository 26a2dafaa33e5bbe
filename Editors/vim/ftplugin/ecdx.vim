" Settings for ecdx scripts.
if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:# commentstring=#\ %s
setlocal expandtab shiftwidth=4 softtabstop=4
setlocal formatoptions-=t formatoptions+=croql
setlocal suffixesadd=.ecdx include=^\\s*use

" :make checks the script and fills the list of errors.
setlocal makeprg=ecdx\ check\ --short\ %:S
setlocal errorformat=%f:%l:%c:\ %trror[%*[^]]]:\ %m,%f:%l:%c:\ %tarning[%*[^]]]:\ %m,%f:%l:%c:\ %tote[%*[^]]]:\ %m

" K shows the reference of the word under the cursor.
setlocal keywordprg=ecdx\ help

" ]] and [[ go from cell to cell.
nnoremap <buffer> <silent> ]] :call search('^\s*# %%', 'W')<CR>
nnoremap <buffer> <silent> [[ :call search('^\s*# %%', 'bW')<CR>

let b:undo_ftplugin = "setlocal comments< commentstring< expandtab< shiftwidth< softtabstop< formatoptions< suffixesadd< include<"
  \ . " makeprg< errorformat< keywordprg< | silent! nunmap <buffer> ]] | silent! nunmap <buffer> [["
