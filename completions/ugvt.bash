# SPDX-License-Identifier: MIT
# Completion for ugvt(1): commands and options are what its --help lists, UUIDs what its manager has.

_ugvt() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= i

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--run-dir) i=$((i + 1)) ;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	case $previous in
	-t | --type)
		mapfile -t COMPREPLY < <(compgen -W "$(ugvt types 2>/dev/null | sed -n 's/^  \([^ ]*\)$/\1/p' | sort -u)" -- "$current")
		return
		;;
	-p | --parent)
		mapfile -t COMPREPLY < <(compgen -W "$(ugvt types 2>/dev/null | sed -n 's/^\([^ ]*\)$/\1/p')" -- "$current")
		return
		;;
	--trace | --png | -o)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	--run-dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	esac
	if [[ -z $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(ugvt --help 2>/dev/null | sed -n 's/^  \([a-z-]*\)  *[A-Z].*/\1/p') --run-dir --help --version" -- "$current")
	elif [[ $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(ugvt "$command" --help 2>/dev/null | sed -n 's/^ .* \(--[a-z-]*\).*/\1/p')" -- "$current")
	elif [[ $command == disasm || $command == replay ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	else
		mapfile -t COMPREPLY < <(compgen -W "$(ugvt list 2>/dev/null | cut -d' ' -f1)" -- "$current")
	fi
}

complete -o default -F _ugvt ugvt
