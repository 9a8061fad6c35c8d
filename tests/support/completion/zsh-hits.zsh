# Types lines into an interactive zsh and presses Tab: what it would complete them to, a line each, and and what the completion complains of.
# usage: zsh -f zsh-hits.zsh COMPLETION LINE…
zmodload zsh/zpty
completion=$1
shift
zpty inner zsh -f -i
# Instead of showing what fits, it is said.
zpty -w inner "PROMPT= RPROMPT= TERM=dumb
source ${(q)completion}
typeset -a hits
compadd() { local -a some; builtin compadd -O some \"\$@\"; hits+=(\$some) }
say() {
  hits=()
  zle complete-word 2>|\$HOME/said
  local said=\$(<\$HOME/said)
  print -r -- said':'\${(j: :)hits}\${said:+ COMPLAINS: \$said}':'end
  zle kill-buffer
}
zle -N say
bindkey '^I' say
print read''y"
zpty -r inner begun '*ready*' || exit 1
for line in "$@"; do
  zpty -w -n inner "$line"$'\t'
  zpty -r inner said '*said:*:end*' || exit 1
  print -r -- "${${said##*said:}%%:end*}"
done
zpty -d inner
