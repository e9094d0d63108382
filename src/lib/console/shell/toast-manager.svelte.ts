import { getContext, setContext } from 'svelte';

export interface Toast {
	readonly id: number;
	readonly tone: 'success' | 'error';
	readonly message: string;
	/** Identifies the request in the server's log; shown with errors. */
	readonly correlationId: string | null;
	/** Undoes the action; offered while the message is shown. */
	readonly undo: (() => void) | null;
}

/** Holds the toasts of one browser page; each shell has its own, so that nothing is shared on the server. */
export class ToastManager {
	#nextId = 0;
	toasts = $state.raw<readonly Toast[]>([]);

	/** Returns the message's ID for dismissing it early. */
	success(message: string, undo: (() => void) | null = null): number {
		return this.#add({ tone: 'success', message, correlationId: null, undo });
	}

	/** Stays until dismissed. */
	error(message: string, correlationId: string | null = null): void {
		this.#add({ tone: 'error', message, correlationId, undo: null });
	}

	dismiss(id: number): void {
		this.toasts = this.toasts.filter((toast) => toast.id !== id);
	}

	#add(toast: Omit<Toast, 'id'>): number {
		this.#nextId += 1;
		this.toasts = [...this.toasts, { ...toast, id: this.#nextId }];
		return this.#nextId;
	}
}

const key = Symbol('toasts');

export const provideToasts = (): ToastManager => setContext(key, new ToastManager());

/** Returns the shell's toasts; null on pages without a shell. Call during component setup. */
export const findToasts = (): ToastManager | null => getContext<ToastManager | undefined>(key) ?? null;
