export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

// Each asks the program itself, one candidate per line: the text, a tab, and what it means. Where there are none, it
// completes file names.

const bash = `# immich-auth completion for bash
_immich_auth() {
	local IFS=$'\\n' line word="\${COMP_WORDS[COMP_CWORD]}"
	COMPREPLY=()
	while IFS= read -r line; do
		[[ -n $line ]] && COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
	done < <(immich-auth complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	[[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$word"))
}
complete -o bashdefault -F _immich_auth immich-auth
`;

const zsh = `#compdef immich-auth
# immich-auth completion for zsh
_immich_auth() {
	local -a candidates
	local line
	while IFS= read -r line; do
		[[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
	done < <(immich-auth complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
	if (( \${#candidates} )); then _describe immich-auth candidates; else _files; fi
}
if [[ $funcstack[1] == _immich_auth ]]; then _immich_auth "$@"; else compdef _immich_auth immich-auth; fi
`;

const fish = `# immich-auth completion for fish
function __immich_auth_complete
	set -l words (commandline -opc) (commandline -ct)
	immich-auth complete -- $words[2..-1] 2>/dev/null
end
complete -c immich-auth -a '(__immich_auth_complete)'
`;

/** What a shell has to load. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
