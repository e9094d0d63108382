/** What a feature does when the database reports a change, by topic. */
export interface ChangeListeners {
	/** A user or their credentials changed; null if it could be any user. */
	readonly people?: (userId: string | null) => void;
	/** Maintenance mode changed, or might have. */
	readonly maintenance?: () => void;
	/** Settings changed, or might have. */
	readonly settings?: () => void;
	/** Users were created, changed or deleted; receives the IDs of deleted users if there are few. */
	readonly accounts?: (deletedIds: readonly string[]) => void;
	/** A user received a notification. */
	readonly notifications?: (userId: string, notificationId: string) => void;
	/** The check for a newer version ran, or might have. */
	readonly releases?: () => void;
}

/** Passes each change on to all listeners, in the order in which they were added. */
export class ChangeListenerList {
	readonly #listeners: ChangeListeners[] = [];
	readonly all = {
		onChange: (userId: string | null) => this.#listeners.forEach((each) => each.people?.(userId)),
		onMaintenance: () => this.#listeners.forEach((each) => each.maintenance?.()),
		onSettings: () => this.#listeners.forEach((each) => each.settings?.()),
		onAccounts: (ids: readonly string[]) => this.#listeners.forEach((each) => each.accounts?.(ids)),
		onNotification: (userId: string, id: string) => this.#listeners.forEach((each) => each.notifications?.(userId, id)),
		onRelease: () => this.#listeners.forEach((each) => each.releases?.())
	};

	add(listeners: ChangeListeners): void {
		this.#listeners.push(listeners);
	}
}
