import type { Shell } from './shells.ts';

// Each asks the program itself. It prints one candidate per line: the text, a tab, and what it means; or a line without a tab if
// a file belongs there.

// Bash splits words at colons and equals signs, and replaces only the part after them.
const bash = `# immich-auth completion for bash
_immich_auth() {
	local IFS=$'\\n' rest="\${COMP_LINE:0:COMP_POINT}" raw="\${COMP_WORDS[COMP_CWORD]}"
	local word after typed line text
	local -a words=()
	COMPREPLY=()
	for word in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
		after="\${rest#"\${rest%%[![:space:]]*}"}"
		if [[ \${#words[@]} -eq 0 || $after != "$rest" ]]; then
			words+=("$word")
		else
			words[\${#words[@]}-1]+="$word"
		fi
		rest="\${after#"$word"}"
	done
	words=("\${words[@]//[\\\\\\"\\']/}")
	typed="\${words[\${#words[@]}-1]}"
	[[ $raw == [:=] ]] && raw=''
	while IFS= read -r line; do
		if [[ $line == *$'\\t'* ]]; then
			text="\${line%%$'\\t'*}"
			text="\${text:\${#typed} - $(printf %s "\${raw//[\\\\\\"\\']/}" | wc -m)}"
			if [[ $raw == [\\"\\']* ]]; then COMPREPLY+=("$text"); else COMPREPLY+=("$(printf '%q' "$text")"); fi
		elif [[ -n $line ]]; then
			compopt -o filenames 2>/dev/null
			COMPREPLY+=($(compgen -f -- "$raw"))
		fi
	done < <(immich-auth complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _immich_auth immich-auth
`;

// It is loaded from a file with the name of the function, or with \`source\`.
const zsh = `#compdef immich-auth
# immich-auth completion for zsh
_immich-auth() {
	local -a candidates
	local line takes_file
	while IFS= read -r line; do
		if [[ $line == *$'\\t'* ]]; then
			candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
		elif [[ -n $line ]]; then
			takes_file=1
		fi
	done < <(immich-auth complete -- "\${(@)words[2,CURRENT]//[\\\\\\"\\']/}" 2>/dev/null)
	if (( \${#candidates} )); then _describe immich-auth candidates; fi
	if [[ -n $takes_file ]]; then _files; fi
}
if [[ $funcstack[1] == _immich-auth ]]; then _immich-auth "$@"; else compdef _immich-auth immich-auth; fi
`;

const fish = `# immich-auth completion for fish
function __immich_auth_complete
	set -l typed (commandline -ct | string replace -ra '[\\\\"\\']' '')
	set -l words (commandline -opc) "$typed"
	for line in (immich-auth complete -- $words[2..-1] 2>/dev/null)
		if string match -qr '\\t' -- $line
			echo $line
		else if test -n "$line"
			__fish_complete_path (commandline -ct)
		end
	end
end
complete -c immich-auth -f -a '(__immich_auth_complete)'
`;

/** What a shell has to load. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
