export type CommandDialog = 'palette' | 'help';

/** Tracks which of the shell's dialogs is open. */
export class CommandManager {
	shown = $state<CommandDialog | null>(null);

	readonly openPalette = (): void => {
		this.shown = 'palette';
	};

	readonly openHelp = (): void => {
		this.shown = 'help';
	};

	/** Closes the dialog, unless another one has replaced it. */
	close(dialog: CommandDialog): void {
		if (this.shown === dialog) this.shown = null;
	}
}
