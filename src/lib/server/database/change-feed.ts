import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const channel = 'immich_auth_people';
const maintenanceChannel = 'immich_auth_maintenance';
const accountsChannel = 'immich_auth_accounts';
const notificationsChannel = 'immich_auth_notifications';
const settingsChannel = 'immich_auth_settings';
const releasesChannel = 'immich_auth_releases';
const channels = [channel, maintenanceChannel, settingsChannel, accountsChannel, notificationsChannel, releasesChannel];
/** How often the connection is asked whether it still lives, and how long its last answer is trusted. */
const heartbeatMs = 1_000;
const trustedMs = 3_000;
const answerTimeoutMs = 2_000;

interface Options {
	/** Hears which person changed, credentials included; null when it may be anybody. */
	readonly onChange: (userId: string | null) => void;
	/** Hears that the state of maintenance mode has changed, or may have while nothing was heard. */
	readonly onMaintenance: () => void;
	/** The same of the settings. */
	readonly onSettings: () => void;
	/** Hears that accounts were made, changed or deleted, and the ids of these, where they are few. */
	readonly onAccounts: (deletedIds: readonly string[]) => void;
	/** Hears that a person was told something. */
	readonly onNotification: (userId: string, notificationId: string) => void;
	/** Hears that it was looked for a newer version, or may have been while nothing was heard. */
	readonly onRelease: () => void;
	readonly onError: (error: Error) => void;
}

/**
 * Hears from PostgreSQL which people have changed, whichever instance or program changed them, by triggers and
 * LISTEN/NOTIFY on a connection of its own: docs/decisions/015. On the same one it hears of maintenance mode (016), of
 * settings (018), of all accounts, notifications and releases (020).
 */
export class ChangeFeed {
	readonly #connection: pg.ClientConfig;
	readonly #options: Options;
	readonly #stopped = new AbortController();
	#client: pg.Client | null = null;
	#answeredAtMs = -Infinity;
	#listening: Promise<void> = Promise.resolve();
	#asking: Promise<void> = Promise.resolve();
	#askingNext: Promise<void> | null = null;

	constructor(connection: pg.ClientConfig, options: Options) {
		this.#connection = connection;
		this.#options = options;
	}

	/** Whether all changes are heard within moments. */
	get isLive(): boolean {
		return this.#client !== null && performance.now() - this.#answeredAtMs < trustedMs;
	}

	/** Connects, and from then on again whenever the connection is lost. */
	async start(): Promise<void> {
		await this.#beat();
		this.#listening = this.#keepBeating();
	}

	/**
	 * Waits until all that was committed before the call has been heard; those who call meanwhile wait for one round
	 * together. Where nothing can be heard it returns at once, because nothing is remembered then.
	 */
	settle(): Promise<void> {
		return (this.#askingNext ??= this.#asking.then(() => {
			this.#asking = this.#hearOwn();
			this.#askingNext = null;
			return this.#asking;
		}));
	}

	async stop(): Promise<void> {
		this.#stopped.abort();
		await this.#listening;
		await this.#client?.end();
	}

	/** A notification of one's own arrives behind all that was committed before it. */
	async #hearOwn(): Promise<void> {
		await this.#ask((client) => client.query(`SELECT pg_notify('${channel}', '')`));
	}

	async #keepBeating(): Promise<void> {
		while (await this.#pause()) await this.#beat();
	}

	/** Waits for the next beat; false when there is to be none. */
	async #pause(): Promise<boolean> {
		try {
			await sleep(heartbeatMs, undefined, { signal: this.#stopped.signal, ref: false });
			return true;
		} catch {
			return false;
		}
	}

	async #beat(): Promise<void> {
		if (this.#client) await this.#ask((client) => client.query('SELECT 1'));
		else await this.#connect();
	}

	async #ask(question: (client: pg.Client) => Promise<unknown>): Promise<void> {
		const client = this.#client;
		if (!client) return;
		const askedAtMs = performance.now();
		try {
			await question(client);
			this.#answeredAtMs = askedAtMs;
		} catch (error) {
			this.#lose(client, error);
		}
	}

	async #connect(): Promise<void> {
		const client = new pg.Client({
			...this.#connection,
			application_name: 'immich-auth changes',
			keepAlive: true,
			query_timeout: answerTimeoutMs
		});
		client.on('error', (error) => this.#lose(client, error));
		client.on('end', () => this.#lose(client, new Error('The connection has ended')));
		client.on('notification', ({ channel: from, payload = '' }) => this.#hear(from, payload));
		const askedAtMs = performance.now();
		try {
			await client.connect();
			// Nothing is kept that a crash could lose.
			await client.query('SET synchronous_commit = off');
			await client.query(channels.map((name) => `LISTEN ${name}`).join('; '));
		} catch (error) {
			this.#drop(client);
			this.#options.onError(toError(error));
			return;
		}
		this.#options.onChange(null);
		this.#options.onMaintenance();
		this.#options.onSettings();
		this.#options.onAccounts([]);
		this.#options.onRelease();
		this.#answeredAtMs = askedAtMs;
		this.#client = client;
	}

	#hear(from: string, payload: string): void {
		const { onChange, onMaintenance, onSettings, onAccounts, onNotification, onRelease } = this.#options;
		switch (from) {
			case maintenanceChannel:
				return onMaintenance();
			case settingsChannel:
				return onSettings();
			case releasesChannel:
				return onRelease();
			case accountsChannel:
				return onAccounts(payload.split(',').filter((id) => id !== ''));
			case notificationsChannel: {
				const [userId = '', id = ''] = payload.split(':');
				return onNotification(userId, id);
			}
			default:
				// The empty one is our own: `settle`.
				if (payload !== '') onChange(payload === '*' ? null : payload);
		}
	}

	/** From here on nothing is heard: whatever was remembered is to be forgotten. */
	#lose(client: pg.Client, error: unknown): void {
		if (this.#client !== client) return;
		this.#client = null;
		this.#options.onChange(null);
		if (!this.#stopped.signal.aborted) this.#options.onError(toError(error));
		this.#drop(client);
	}

	#drop(client: pg.Client): void {
		client.end().catch(() => undefined);
	}
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
