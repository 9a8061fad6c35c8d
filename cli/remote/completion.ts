import type { Command } from 'commander';

/** Words and options of every verb; the names of containers are asked for when they are wanted, and silently not when that fails. */
export function completion(shell: 'bash' | 'zsh', program: Command): string {
  const visible = (command: Command) =>
    command
      .createHelp()
      .visibleCommands(command)
      .filter((one) => one.name() !== 'help');
  const options = (command: Command) => command.options.flatMap((one) => (one.long == null ? [] : [one.long]));
  const cases: string[] = [];
  for (const command of visible(program)) {
    const below = visible(command);
    const words = below.length > 0 ? below.map((one) => one.name()) : options(command);
    cases.push(`    ${command.name()}) words='${words.join(' ')}' ;;`);
    for (const verb of below)
      cases.push(`    '${command.name()} ${verb.name()}') words='${options(verb).join(' ')}' ;;`);
  }
  const top = visible(program).map((one) => one.name());
  const body = `# Completion of berth. Use it with: source <(berth completion ${shell})
_berth() {
  local words='' path=''
  COMPREPLY=()
  local current="\${COMP_WORDS[COMP_CWORD]}"
  [ "$COMP_CWORD" -gt 1 ] && path="\${COMP_WORDS[1]}"
  [ "$COMP_CWORD" -gt 2 ] && path="\${COMP_WORDS[1]} \${COMP_WORDS[2]}"
  case "$path" in
    '') words='${top.join(' ')}' ;;
${cases.join('\n')}
  esac
  case "$path" in
    'ct list' | 'ct create') ;;
    'ct '*) case "$current" in -*) ;; *) words="$words $("\${COMP_WORDS[0]}" ct list --names 2>/dev/null)" ;; esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _berth berth ./berth
`;
  return shell === 'bash'
    ? body
    : `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${body}`;
}
