" Colours of ecdx scripts. The lists below lines `words: NAME` are written by scripts/write-editors.sh.
if exists("b:current_syntax")
  finish
endif

" Where several match at one place, the last one defined wins: the names of fields may be any word.
syntax match ecdxOperator />>\||>\|\.\.\|[-+*/^<>=]\|[=!<>]=/
syntax match ecdxNumber /\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?%\?/
" words: words
syntax match ecdxWord /\v<%(ALBERT|BERT|DenseNet121|InceptionV3|RdBu|RdBu_r|ResNet50|RoBERTa|VGG16|VGG19|Xception|all|angstrom|area|authors|auto|bgr|bilinear|bohr|box|centre|cividis|cividis_r|components|coolwarm|coolwarm_r|corner|cutoff|density|down|drop|element|error|euclidean|excluded|experiment|explained|fast|file|fourier|frozen|gist_ncar|gist_ncar_r|gray|gray_r|grey|head|holdout|horizontal|included|inferno|inferno_r|inner|inputs|keep|key|left|linear|magma|magma_r|magnetization|minmax|moving|mse|mx|my|mz|nearest|never|once|other|own|paper|pearson|plasma|plasma_r|position|refit|reflect|refuse|relu|repeat|repeated|rgb|same|sampled|scaled|scores|seismic|seismic_r|shared|sigmoid|single|slow|spearman|spin|stage|standard|statistics|tanh|target|told|total|train|trilinear|unit|up|valence|valid|validation|value|vertical|viridis|viridis_r|wide|wrap|zero)>/
" words: builtins
syntax match ecdxBuiltin /\v<%(abs|activation|adam|add|averagePool|batchNorm|bayesian|beside|best|ceil|chgcar|choice|columnStack|columns|compare|concatenate|contains|contrast|conv|conventional|correlation|cosine|count|csv|cube|curves|deformation|dense|densities|depthwiseConv|derive|dropout|early|electrons|elfcar|embed|exp|exponential|first|firstToken|flatten|flip|floor|folds|from|gallery|given|globalAveragePool|grid|gridSearch|group|grouped|heatmap|histogram|history|hyperband|image|indexPlane|integers|intervals|join|last|layerPeriod|leaveOut|line|lines|locpot|log|loguniform|machines|macroscopicAverage|matching|materialsProject|max|maxPool|mean|meanTokens|metrics|min|missing|mod|moment|mpchgcar|neighbours|noise|norm|oneOf|parity|part|pca|pick|picture|pieces|planarAverage|plane|planeThrough|plateau|predictions|primitive|profile|random|randomSearch|regrid|repeats|reported|rescale|resize|reversed|ridge|rotate|round|sample|scatter|select|separableConv|shape|shift|slice|sort|sqrt|standardize|std|stratified|sum|supercell|superposed|symmetry|tensor|tokens|trainTestSplit|trained|translate|trials|trialsPlot|uniform|variant|variants|where|xlsx|xsf|zeroPad|zoom)>/
" words: kinds
syntax match ecdxKind /\v<%(backbone|dataset|encoder|experiment|model|schedule|stage)>/
" words: types
syntax match ecdxType /\v<%(Bool|List|Number|Path|Text)>/
" words: constants
syntax match ecdxConstant /\v<%(false|none|true)>/
" words: keywords
syntax match ecdxKeyword /\v<%(and|as|by|def|else|for|if|in|input|let|like|not|on|or|param|stage|to|use|with)>/
" words: actions
syntax match ecdxAction /\v<%(export|plot|predict|show|table)>/
syntax match ecdxMember /\%([[:alnum:]_)\]]\.\)\@2<=\h\w*/
syntax match ecdxMonitor /\<\%(train\|validation\|holdout\)\.\%(loss\|mse\|rmse\|mae\|r2\)\>/
syntax match ecdxMember /\%([[:alnum:]_)\]]\.\)\@2<=\%(train\|validation\|holdout\)\.\h\w*/
syntax match ecdxField /\<\h\w*\%(\.\h\w*\)*\ze\s*:/
syntax match ecdxDeclared /\%(\<\%(let\|param\|input\|stage\)\s\+\)\@20<=\h\w*/
syntax match ecdxFunction /\%(\<def\s\+\)\@20<=\h\w*/

syntax region ecdxString start=/"/ skip=/\\./ end=/"\|$/ oneline contains=ecdxEscape,ecdxBadEscape,ecdxPlaceholder,ecdxInterpolation
syntax match ecdxBadEscape /\\./ contained
syntax match ecdxEscape /\\\%([nt"\\{}]\|u{\x\{1,8}}\)/ contained
syntax match ecdxPlaceholder /{\w\+}/ contained
syntax region ecdxInterpolation matchgroup=ecdxDelimiter start=/\\(/ end=/)/ contained oneline contains=TOP
syntax region ecdxBrackets start=/(/ end=/)/ contained transparent oneline containedin=ecdxInterpolation contains=TOP

syntax match ecdxComment /#.*$/ contains=@Spell
syntax match ecdxCell /^\s*# %%.*$/ contains=ecdxCellTitle
syntax match ecdxCellTitle /\%(# %%\)\@4<=.*$/ contained
syntax region ecdxMarkdown start=/^\s*# %%\s*\[markdown\]/ end=/^\(\s*# %%\)\@=/me=s-1 end=/^\(\s*#\)\@!/me=s-1 contains=ecdxCell,ecdxMarkdownHeading,@Spell keepend
syntax match ecdxMarkdownHeading /^\s*# #\+ .*$/ contained contains=@Spell

" Scripts are short, and a cell of text may begin above the window.
syntax sync fromstart

highlight default link ecdxOperator Operator
highlight default link ecdxNumber Number
highlight default link ecdxWord Constant
highlight default link ecdxMonitor Constant
highlight default link ecdxBuiltin Function
highlight default link ecdxKind Structure
highlight default link ecdxType Type
highlight default link ecdxConstant Boolean
highlight default link ecdxKeyword Keyword
highlight default link ecdxAction Statement
highlight default link ecdxField Identifier
highlight default link ecdxDeclared Identifier
highlight default link ecdxFunction Function
highlight default link ecdxString String
highlight default link ecdxEscape SpecialChar
highlight default link ecdxBadEscape Error
highlight default link ecdxPlaceholder Special
highlight default link ecdxDelimiter Delimiter
highlight default link ecdxComment Comment
highlight default link ecdxMarkdown Comment
highlight default link ecdxMarkdownHeading Title
highlight default link ecdxCell PreProc
highlight default link ecdxCellTitle Title

let b:current_syntax = "ecdx"
