autocmd BufNewFile,BufRead *.ecdx setfiletype ecdx
