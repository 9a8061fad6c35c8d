import type { Command } from 'commander';

const visible = (command: Command) =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
const optionsOf = (command: Command) => command.options.flatMap((one) => (one.long == null ? [] : [one.long]));
/** What one may be said to an option: a few words, or anything. */
const choicesOf = (command: Command) =>
  command.options.flatMap(({ long, argChoices }) => (long != null && argChoices ? [{ long, argChoices }] : []));
const takesValue = (command: Command) =>
  command.options.flatMap(({ long, required, optional }) => (long != null && (required || optional) ? [long] : []));
const namesContainers = (command: Command) => {
  const [first] = command.registeredArguments;
  return first !== undefined && ['container', 'containers'].includes(first.name());
};

type Verb = { path: string; command: Command };
function all(command: Command, path: string): Verb[] {
  return visible(command).flatMap((one) => {
    const at = path === '' ? one.name() : `${path} ${one.name()}`;
    return [{ path: at, command: one }, ...all(one, at)];
  });
}

/**
 * Words, options and their choices of every verb, made from the verbs themselves; names of containers are asked for when they are wanted, and
 * silently not when that fails.
 */
export function completion(shell: 'bash' | 'zsh', program: Command): string {
  const verbs = all(program, '');
  const words = verbs.map(({ path, command }) => {
    const below = visible(command).map((one) => one.name());
    return `    '${path}') fitting='${[...below, ...optionsOf(command)].join(' ')}' ;;`;
  });
  const choices = verbs.flatMap(({ path, command }) =>
    choicesOf(command).map(({ long, argChoices }) => `    '${path} ${long}') fitting='${argChoices.join(' ')}' ;;`),
  );
  const valued = [...new Set(verbs.flatMap(({ command }) => takesValue(command)))];
  const containers = verbs.filter(({ command }) => namesContainers(command)).map(({ path }) => `'${path}'`);
  const top = visible(program).map((one) => one.name());
  const body = `# Completion of berth. Use it with: source <(berth completion ${shell})
_berth_words() {
  case "$1" in
    '') fitting='${top.join(' ')}' ;;
${words.join('\n')}
    *) return 1 ;;
  esac
}
_berth_choices() {
  case "$1 $2" in
${choices.join('\n')}
    *) return 1 ;;
  esac
}
_berth() {
  local fitting='' verb='' word next previous=''
  COMPREPLY=()
  local current="\${COMP_WORDS[COMP_CWORD]}"
  # As far as what was typed are verbs; what is said to an option is none.
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    next="\${verb:+$verb }$word"
    case " ${valued.join(' ')} " in *" $previous "*) previous="$word"; continue ;; esac
    previous="$word"
    case "$word" in -*) continue ;; esac
    _berth_words "$next" && verb="$next"
  done
  fitting=''
  if _berth_choices "$verb" "$previous"; then
    COMPREPLY=($(compgen -W "$fitting" -- "$current"))
    return
  fi
  case " ${valued.join(' ')} " in *" $previous "*) COMPREPLY=($(compgen -f -- "$current")); return ;; esac
  _berth_words "$verb"
  case "$current" in
    -*) ;;
    *) case "$verb" in ${containers.join(' | ')}) fitting="$fitting $("\${COMP_WORDS[0]}" ct list --names 2>/dev/null)" ;; esac ;;
  esac
  COMPREPLY=($(compgen -W "$fitting" -- "$current"))
}
complete -F _berth berth ./berth
`;
  return shell === 'bash'
    ? body
    : `(( $+functions[compdef] )) || { autoload -U +X compinit && compinit; }\nautoload -U +X bashcompinit && bashcompinit\n${body}`;
}
