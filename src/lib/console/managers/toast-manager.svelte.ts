import { getContext, setContext } from 'svelte';

export interface Toast {
	readonly id: number;
	readonly tone: 'success' | 'error';
	readonly message: string;
	/** Names the request in the server's log; shown with errors. */
	readonly correlationId: string | null;
}

/** Keeps the messages of one browser page; every shell has its own, so that nothing is shared on the server. */
export class ToastManager {
	#nextId = 0;
	toasts = $state.raw<readonly Toast[]>([]);

	success(message: string): void {
		this.#add({ tone: 'success', message, correlationId: null });
	}

	/** Stays until it is dismissed. */
	error(message: string, correlationId: string | null = null): void {
		this.#add({ tone: 'error', message, correlationId });
	}

	dismiss(id: number): void {
		this.toasts = this.toasts.filter((toast) => toast.id !== id);
	}

	#add(toast: Omit<Toast, 'id'>): void {
		this.#nextId += 1;
		this.toasts = [...this.toasts, { ...toast, id: this.#nextId }];
	}
}

const key = Symbol('toasts');

export const provideToasts = (): ToastManager => setContext(key, new ToastManager());

/** Finds the shell's toasts; null on pages without a shell. Call it while a component is set up. */
export const findToasts = (): ToastManager | null => getContext<ToastManager | undefined>(key) ?? null;
