export type CommandDialog = 'palette' | 'help';

/** Knows which of the shell's own dialogs is open. */
export class CommandManager {
	shown = $state<CommandDialog | null>(null);

	readonly openPalette = (): void => {
		this.shown = 'palette';
	};

	readonly openHelp = (): void => {
		this.shown = 'help';
	};

	/** Closes one dialog; another that has opened in its place stays. */
	close(dialog: CommandDialog): void {
		if (this.shown === dialog) this.shown = null;
	}
}
