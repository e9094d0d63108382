import { invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';
import { getContext, setContext } from 'svelte';
import type { Socket } from 'socket.io-client';
import type { LiveEvents, Topic } from '#lib/contract/realtime/live-events.ts';
import { readStanding, type Standing } from '../sign-in/sign-in-request.ts';

type Listener = (topics: readonly Topic[]) => void;

interface Options {
	/** Where this server sends them. */
	readonly path: () => string;
	/** The signed-in user. */
	readonly userId: () => string;
	/** The session ended or the user was deleted. */
	readonly onEnded: () => void;
	/** Maintenance mode started or ended. */
	readonly onRestart: () => void;
	/** The maintenance announcement changed or was withdrawn. */
	readonly onAnnouncement: () => void;
	readonly onNotification: () => void;
}

/** Minimum time between page reloads, however many events arrive. */
const refreshPauseMs = 2_000;
/** Anything may have changed while disconnected. */
const missed: readonly Topic[] = ['userList', 'users', 'maintenance', 'albums', 'album:any'];

/** Receives live events while a page is open; without it everything works, but changes appear only on the next page load. */
export class LiveEventsManager {
	readonly #options: Options;
	#listeners: readonly Listener[] = [];
	#elevationListeners: readonly ((leftMs: number) => void)[] = [];
	#socket: Socket<LiveEvents> | null = null;

	/** Call during component setup. */
	constructor(options: Options) {
		this.#options = options;
		$effect(() => {
			const over = new AbortController();
			void this.#connect(over.signal);
			return () => {
				over.abort();
				this.#socket?.disconnect();
			};
		});
	}

	/** Subscribes to topics; returns a function that unsubscribes. */
	listen(listener: Listener): () => void {
		this.#listeners = [...this.#listeners, listener];
		return () => {
			this.#listeners = this.#listeners.filter((other) => other !== listener);
		};
	}

	/** Listens for how long the session is elevated; returns a function that stops it. */
	listenToElevation(listener: (leftMs: number) => void): () => void {
		this.#elevationListeners = [...this.#elevationListeners, listener];
		return () => {
			this.#elevationListeners = this.#elevationListeners.filter((other) => other !== listener);
		};
	}

	readStanding(): Promise<Standing> {
		return readStanding(this.#options.userId());
	}

	/** Reconnects after a new sign-in. */
	reconnect(): void {
		this.#socket?.disconnect().connect();
	}

	async #connect(signal: AbortSignal): Promise<void> {
		// Loaded only after the page is usable.
		const { io } = await import('socket.io-client');
		if (signal.aborted) return;
		const socket: Socket<LiveEvents> = io({
			path: this.#options.path(),
			transports: ['websocket'],
			auth: { client: 'console' },
			reconnectionDelayMax: 15_000
		});
		this.#socket = socket;
		let isBack = false;
		socket.on('on_server_version', () => {
			if (isBack) this.#notifyListeners(missed);
			isBack = true;
		});
		socket.on('console_change', (topics) => this.#notifyListeners(topics));
		socket.on('on_album_update', (id) => this.#notifyListeners(['albums', `album:${id}`]));
		socket.on('console_elevation', (leftMs) => {
			for (const listener of this.#elevationListeners) listener(leftMs);
		});
		socket.on('on_session_delete', this.#options.onEnded);
		socket.on('on_user_delete', (id) => {
			if (id === this.#options.userId()) this.#options.onEnded();
		});
		socket.on('error', () => void this.#checkReason());
		socket.on('AppRestartV1', this.#options.onRestart);
		socket.on('on_notification', this.#options.onNotification);
	}

	#notifyListeners(topics: readonly Topic[]): void {
		if (topics.includes('maintenance')) this.#options.onAnnouncement();
		for (const listener of this.#listeners) listener(topics);
	}

	/** Connections are refused for signed-out users and while a password change is required. */
	async #checkReason(): Promise<void> {
		const standing = await this.readStanding();
		if (standing === 'signedOut') this.#options.onEnded();
		// A reload redirects to the password page, so it is skipped while the page is in use.
		if (standing === 'passwordChangeRequired' && !isInUse()) await invalidateAll();
	}
}

const key = Symbol('live events');

export const provideLiveEvents = (options: Options): LiveEventsManager =>
	setContext(key, new LiveEventsManager(options));

const findLiveEvents = (): LiveEventsManager | null => getContext<LiveEventsManager | undefined>(key) ?? null;

/**
 * Reloads the page when one of the topics changes, unless the user is busy: not while a field has focus, a dialog is open,
 * a form has unsaved changes, which a reload would undo, or a navigation is pending, which a reload would cancel. Call during
 * component setup:
 *     refreshOn(() => ['userList']);
 */
export function refreshOn(topics: () => readonly Topic[]): void {
	const live = findLiveEvents();
	$effect(() => {
		const wanted = topics();
		let timer: ReturnType<typeof setTimeout> | undefined;
		let isDue = false;
		const refresh = async () => {
			timer = undefined;
			if (!isDue) return;
			if (!isInUse()) {
				// A failed load would replace this page with an error page.
				const isServed = (await live?.readStanding()) === 'served';
				if (isServed && !isInUse()) await invalidateAll();
				isDue = isServed && isInUse();
			}
			timer ??= setTimeout(() => void refresh(), refreshPauseMs);
		};
		const stop = live?.listen((changed) => {
			if (!changed.some((topic) => wanted.includes(topic))) return;
			isDue = true;
			if (timer === undefined) void refresh();
		});
		return () => {
			clearTimeout(timer);
			isDue = false;
			stop?.();
		};
	});
}

/**
 * Calls back with how many milliseconds the session is still elevated whenever that changes, 0 once it is locked. Call during
 * component setup.
 */
export function onElevation(listener: (leftMs: number) => void): void {
	const live = findLiveEvents();
	$effect(() => live?.listenToElevation(listener));
}

function isInUse(): boolean {
	const isTyping = document.activeElement?.matches('input:not([type="checkbox"]), textarea, select') ?? false;
	return (
		document.hidden ||
		isTyping ||
		navigating.to !== null ||
		document.querySelector('dialog[open], form[data-unsaved]') !== null
	);
}
