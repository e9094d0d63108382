/** What can listen to changes of the database. */
export interface ChangeListeners {
	/** A user or their credentials changed; null if it could be any user. */
	readonly onChange?: (userId: string | null) => void;
	/** Maintenance mode changed, or might have. */
	readonly onMaintenance?: () => void;
	/** Settings changed, or might have. */
	readonly onSettings?: () => void;
	/** Users were created, changed or deleted; receives the IDs of deleted users if there are few. */
	readonly onAccounts?: (deletedIds: readonly string[]) => void;
	/** A user received a notification. */
	readonly onNotification?: (userId: string, notificationId: string) => void;
	/** The check for a newer version ran, or might have. */
	readonly onRelease?: () => void;
}

/** Passes each change on to all listeners, in the order in which they were added. */
export class ChangeListenerList {
	readonly #listeners: ChangeListeners[] = [];
	readonly all: Required<ChangeListeners> = {
		onChange: (userId) => this.#listeners.forEach((each) => each.onChange?.(userId)),
		onMaintenance: () => this.#listeners.forEach((each) => each.onMaintenance?.()),
		onSettings: () => this.#listeners.forEach((each) => each.onSettings?.()),
		onAccounts: (ids) => this.#listeners.forEach((each) => each.onAccounts?.(ids)),
		onNotification: (userId, id) => this.#listeners.forEach((each) => each.onNotification?.(userId, id)),
		onRelease: () => this.#listeners.forEach((each) => each.onRelease?.())
	};

	add(listeners: ChangeListeners): void {
		this.#listeners.push(listeners);
	}
}
