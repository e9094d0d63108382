import { getContext, setContext } from 'svelte';

export interface Toast {
	readonly id: number;
	readonly tone: 'success' | 'error';
	readonly message: string;
	/** Names the request in the server's log; shown with errors. */
	readonly correlationId: string | null;
	/** Takes back what the message tells of; offered for as long as the message is shown. */
	readonly undo: (() => void) | null;
}

/** Keeps the messages of one browser page; every shell has its own, so that nothing is shared on the server. */
export class ToastManager {
	#nextId = 0;
	toasts = $state.raw<readonly Toast[]>([]);

	/** Gives the message's id, by which it can be taken away before its time. */
	success(message: string, undo: (() => void) | null = null): number {
		return this.#add({ tone: 'success', message, correlationId: null, undo });
	}

	/** Stays until it is dismissed. */
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

/** Finds the shell's toasts; null on pages without a shell. Call it while a component is set up. */
export const findToasts = (): ToastManager | null => getContext<ToastManager | undefined>(key) ?? null;
