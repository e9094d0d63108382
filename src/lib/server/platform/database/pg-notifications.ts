import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseClient, settingsQuery } from './client.ts';
import { coalesced } from '../coalesced.ts';
import { channelOf, TopicHandlers, topicChannels, type ChangeHandlers } from './change-topics.ts';
import { RoundTrips } from './round-trips.ts';

const beatChannel = channelOf('beat');
const channels = [...topicChannels, beatChannel];
const beatMs = 1_000;
/** How long notifications are assumed to arrive after one of our own has. */
const trustedMs = 3_000;
const answerTimeoutMs = 2_000;
/** How often everything in memory is reread: as a precaution while notifications arrive, and by necessity while they don't. */
const rereadMs = 30_000;
const rereadInterruptedMs = 5_000;
/** The longest pause between attempts if connections work but notifications don't arrive. */
const maxPauseMs = 30_000;

// Asynchronous commit is safe, as nothing durable is written. The setting lasts for this statement, so it works through any
// pooler.
const sendBeat = `SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)`;

interface Options {
	/** Called when notifications stop arriving. */
	readonly onInterrupted: (error: Error) => void;
	/** Called when they arrive again. */
	readonly onResumed: () => void;
	/** Called with every beat; resolves to whether changes may have been missed. */
	readonly watch?: (client: pg.Client) => Promise<boolean>;
}

/** Two connections: one only listens, the other only sends. */
interface Link {
	readonly listener: pg.Client;
	readonly sender: pg.Client;
}

/**
 * Receives all database changes, no matter who made them, through triggers and LISTEN/NOTIFY: docs/decisions/015. It is live
 * only while its own notifications arrive: a pooler can answer every query and still deliver none of them.
 */
export class ChangeFeed {
	/** Null if notifications are known not to arrive. */
	readonly #connection: pg.ClientConfig | null;
	readonly #options: Options;
	readonly #nowMs: () => number;
	readonly #stopped = new AbortController();
	readonly #handlers = new TopicHandlers();
	readonly #trips = new RoundTrips(`${randomUUID()}:`, answerTimeoutMs);
	#link: Link | null = null;
	#isInterrupted = false;
	#receivedAtMs = -Infinity;
	#rereadAtMs: number;
	#retryAtMs = -Infinity;
	#pauseMs = beatMs;
	#beating: Promise<void> = Promise.resolve();

	constructor(connection: pg.ClientConfig | null, options: Options, nowMs = () => performance.now()) {
		this.#connection = connection;
		this.#options = options;
		this.#nowMs = nowMs;
		this.#rereadAtMs = nowMs();
	}

	/** Whether all changes currently arrive within moments. */
	get isLive(): boolean {
		return this.#link !== null && this.#nowMs() - this.#receivedAtMs < trustedMs;
	}

	/** Calls each of these handlers whenever something of its topic has changed. */
	subscribe(handlers: ChangeHandlers): void {
		this.#handlers.add(handlers);
	}

	/** Connects, and reconnects whenever the connection is lost. */
	async start(): Promise<void> {
		await this.#beat();
		this.#beating = this.#keepBeating();
	}

	/**
	 * Waits until the notifications of everything committed before the call have arrived and been handled: documents have
	 * been reread. Concurrent callers share one round trip. Returns immediately if no notifications can arrive.
	 */
	readonly catchUp: () => Promise<void> = coalesced(async () => {
		await this.#roundTrip();
		if (this.#link) await this.#handlers.finished();
	});

	/** Disconnects and no longer reconnects. */
	async stop(): Promise<void> {
		this.#stopped.abort();
		await this.#beating;
		const link = this.#link;
		this.#link = null;
		if (link) await close(link);
	}

	async #keepBeating(): Promise<void> {
		while (await this.#pause()) await this.#beat();
	}

	/** Waits for the next beat; returns false once stopped. */
	async #pause(): Promise<boolean> {
		try {
			await sleep(beatMs, undefined, { signal: this.#stopped.signal, ref: false });
			return true;
		} catch {
			return false;
		}
	}

	async #beat(): Promise<void> {
		if (this.#link) await this.#roundTrip();
		else if (this.#connection && this.#nowMs() >= this.#retryAtMs) await this.#connect(this.#connection);
		await this.#watch();
		this.#rereadInTime();
	}

	async #watch(): Promise<void> {
		const link = this.#link;
		if (!link || !this.#options.watch) return;
		try {
			if (await this.#options.watch(link.sender)) this.#reread();
		} catch (error) {
			this.#lose(link, error);
		}
	}

	/** Sends a notification and waits for it: it arrives after those of everything committed before. */
	async #roundTrip(): Promise<void> {
		const link = this.#link;
		if (!link) return;
		const sentAtMs = this.#nowMs();
		try {
			const { token, received } = this.#trips.begin();
			await Promise.all([link.sender.query(sendBeat, [beatChannel, token]), received]);
			this.#receivedAtMs = Math.max(this.#receivedAtMs, sentAtMs);
			this.#pauseMs = beatMs;
		} catch (error) {
			// Reconnecting helps if the connection broke, but never does behind some poolers.
			this.#pauseMs = Math.min(this.#pauseMs * 2, maxPauseMs);
			this.#lose(link, error);
		}
	}

	async #connect(connection: pg.ClientConfig): Promise<void> {
		const common = { ...connection, keepAlive: true, query_timeout: answerTimeoutMs };
		const listener = new DatabaseClient({ ...common, application_name: 'immich-auth changes' });
		const sender = new DatabaseClient({ ...common, application_name: 'immich-auth beats' });
		const link = { listener, sender };
		for (const client of [listener, sender]) {
			client.on('error', (error) => this.#lose(link, error));
			client.on('end', () => this.#lose(link, new Error('The connection has ended')));
		}
		listener.on('notification', ({ channel, payload = '' }) => this.#receive(channel, payload));
		try {
			await Promise.all([listener.connect(), sender.connect()]);
			// The listener sends nothing, so a timeout for idle sessions would end it again and again.
			await Promise.all([listener, sender].map((client) => client.query(settingsQuery('connection ends'))));
			await listener.query(channels.map((name) => `LISTEN ${name}`).join('; '));
		} catch (error) {
			await close(link);
			return this.#interrupt(error);
		}
		this.#link = link;
		await this.#roundTrip();
		if (this.#link !== link) return;
		// Changes may have been missed while not listening.
		this.#reread();
		if (!this.#isInterrupted) return;
		this.#isInterrupted = false;
		this.#options.onResumed();
	}

	#receive(channel: string, payload: string): void {
		if (channel === beatChannel) this.#trips.end(payload);
		else this.#handlers.receive(channel, payload);
	}

	/** Keeps data in memory from going stale, even if a change bypassed the triggers. */
	#rereadInTime(): void {
		const ageMs = this.#nowMs() - this.#rereadAtMs;
		if (this.isLive && ageMs >= rereadMs) {
			this.#rereadAtMs = this.#nowMs();
			this.#handlers.rereadDocuments();
		}
		if (!this.isLive && ageMs >= rereadInterruptedMs) this.#reread();
	}

	#reread(): void {
		this.#rereadAtMs = this.#nowMs();
		this.#handlers.miss();
	}

	/** Notifications no longer arrive, so everything cached is cleared. */
	#lose(link: Link, error: unknown): void {
		if (this.#link !== link) return;
		this.#link = null;
		this.#handlers.miss(['people']);
		void close(link);
		this.#interrupt(error);
	}

	#interrupt(error: unknown): void {
		this.#retryAtMs = this.#nowMs() + this.#pauseMs;
		if (this.#isInterrupted || this.#stopped.signal.aborted) return;
		this.#isInterrupted = true;
		this.#options.onInterrupted(error instanceof Error ? error : new Error(String(error)));
	}
}

async function close({ listener, sender }: Link): Promise<void> {
	await Promise.all([listener, sender].map((client) => client.end().catch(() => undefined)));
}
