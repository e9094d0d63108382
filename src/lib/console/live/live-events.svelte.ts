import { invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';
import { getContext, setContext } from 'svelte';
import type { Socket } from 'socket.io-client';
import { liveEventsPath, type LiveEvents, type Topic } from '#lib/contract/realtime/live-events.ts';
import { readStanding, type Standing } from '../sign-in/sign-in-request.ts';

type Listener = (topics: readonly Topic[]) => void;

interface Options {
	/** The reader's own account. */
	readonly userId: () => string;
	/** The session has ended, or the account is gone. */
	readonly onEnded: () => void;
	/** Maintenance has begun or ended. */
	readonly onRestart: () => void;
	/** Something else is announced, or nothing any more. */
	readonly onAnnouncement: () => void;
	readonly onNotification: () => void;
}

/** At most so often is a page loaded anew, however much happens. */
const refreshPauseMs = 2_000;
/** Everything may have happened while nothing was heard. */
const missed: readonly Topic[] = ['accounts', 'people', 'maintenance'];

/** Hears from the server what happens while a page is open; without it everything works, and is shown with the next page. */
export class LiveEventsManager {
	readonly #options: Options;
	#listeners: readonly Listener[] = [];
	#socket: Socket<LiveEvents> | null = null;

	/** Call it while a component is set up. */
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

	/** Hears of topics; ends by what it returns. */
	listen(listener: Listener): () => void {
		this.#listeners = [...this.#listeners, listener];
		return () => {
			this.#listeners = this.#listeners.filter((other) => other !== listener);
		};
	}

	readStanding(): Promise<Standing> {
		return readStanding(this.#options.userId());
	}

	/** Comes back after a new sign-in. */
	reconnect(): void {
		this.#socket?.disconnect().connect();
	}

	async #connect(signal: AbortSignal): Promise<void> {
		// Not loaded before the page can be used.
		const { io } = await import('socket.io-client');
		if (signal.aborted) return;
		const socket: Socket<LiveEvents> = io({
			path: liveEventsPath,
			transports: ['websocket'],
			auth: { client: 'console' },
			reconnectionDelayMax: 15_000
		});
		this.#socket = socket;
		let isBack = false;
		socket.on('on_server_version', () => {
			if (isBack) this.#tell(missed);
			isBack = true;
		});
		socket.on('console_change', (topics) => this.#tell(topics));
		socket.on('on_session_delete', this.#options.onEnded);
		socket.on('on_user_delete', (id) => {
			if (id === this.#options.userId()) this.#options.onEnded();
		});
		socket.on('error', () => void this.#lookWhy());
		socket.on('AppRestartV1', this.#options.onRestart);
		socket.on('on_notification', this.#options.onNotification);
	}

	#tell(topics: readonly Topic[]): void {
		if (topics.includes('maintenance')) this.#options.onAnnouncement();
		for (const listener of this.#listeners) listener(topics);
	}

	/** A connection is refused to users who are signed out, and to those who must change their password first. */
	async #lookWhy(): Promise<void> {
		const standing = await this.readStanding();
		if (standing === 'signedOut') this.#options.onEnded();
		// A load leads to the page where the password is changed. What is being typed stays until its user moves on.
		if (standing === 'passwordChangeRequired' && !isInUse()) await invalidateAll();
	}
}

const key = Symbol('live events');

export const provideLiveEvents = (options: Options): LiveEventsManager =>
	setContext(key, new LiveEventsManager(options));

const findLiveEvents = (): LiveEventsManager | null => getContext<LiveEventsManager | undefined>(key) ?? null;

/**
 * Loads the page anew when one of the topics has changed, but not under somebody's hands: not while a field has the focus, a
 * dialog is open, or another page is on its way, which a load of this one would call off. Call it while a component is set up:
 *     refreshOn(() => ['accounts']);
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
				// A failed load would put another page in this one's place.
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

function isInUse(): boolean {
	const isTyping = document.activeElement?.matches('input:not([type="checkbox"]), textarea, select') ?? false;
	return document.hidden || isTyping || navigating.to !== null || document.querySelector('dialog[open]') !== null;
}
