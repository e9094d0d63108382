import type { Log } from '#lib/server/platform/log.ts';
import type { ApiKeyUsageRepository, KeyUse } from './api-key-usage.repository.ts';
import { parseProgram } from '#lib/server/platform/caller/client-info.ts';

interface Sender {
	readonly address: string;
	readonly userAgent: string;
}

/** A key's usage since the last write. */
interface Noted {
	lastUsedAt: Date;
	sender: Sender;
	readonly counts: Map<string, { count: number; lastUsedAt: Date }>;
}

const writeEveryMs = 3_000;
/** How many keys are tracked at a time. The usage of others isn't counted, but they still work. */
const maxKeys = 20_000;
const maxUserAgentLength = 512;

/** Collects which permissions API keys use, and writes it in batches, so that no request waits for it. */
export class UsageRecorder {
	readonly #repository: ApiKeyUsageRepository;
	readonly #log: Log;
	#noted = new Map<string, Noted>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#writing: Promise<void> = Promise.resolve();
	#isStopped = false;

	constructor(repository: ApiKeyUsageRepository, log: Log) {
		this.#repository = repository;
		this.#log = log;
	}

	/** Notes that a key was accepted; null stands for an operation that requires no permission. */
	note(keyId: string, permissions: readonly (string | null)[], { address, userAgent }: Sender): void {
		const lastUsedAt = new Date();
		const sender = { address, userAgent: userAgent.slice(0, maxUserAgentLength) };
		const noted = this.#getEntry(keyId, lastUsedAt, sender);
		if (!noted) return;
		Object.assign(noted, { lastUsedAt, sender });
		for (const permission of permissions) if (permission !== null) countUp(noted, permission, 1, lastUsedAt);
		this.#schedule();
	}

	/** Writes what was collected; never throws. Keeps what couldn't be written for the next time. */
	flush(): Promise<void> {
		this.#writing = this.#writing.then(() => this.#write());
		return this.#writing;
	}

	/** Writes the rest and stops the timer. */
	async stop(): Promise<void> {
		this.#isStopped = true;
		clearTimeout(this.#timer);
		await this.flush();
	}

	#schedule(): void {
		if (this.#timer !== undefined || this.#isStopped) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			void this.flush();
		}, writeEveryMs);
		this.#timer.unref();
	}

	async #write(): Promise<void> {
		const noted = this.#noted;
		if (noted.size === 0) return;
		this.#noted = new Map();
		try {
			await this.#repository.add([...noted].map(toUse));
		} catch (error) {
			this.#log.warn({ error }, 'Could not write down what API keys have used');
			this.#takeBack(noted);
			this.#schedule();
		}
	}

	#takeBack(unwritten: ReadonlyMap<string, Noted>): void {
		for (const [keyId, { lastUsedAt, sender, counts }] of unwritten) {
			const noted = this.#getEntry(keyId, lastUsedAt, sender);
			if (!noted) return;
			for (const [permission, use] of counts) countUp(noted, permission, use.count, use.lastUsedAt);
		}
	}

	#getEntry(keyId: string, lastUsedAt: Date, sender: Sender): Noted | null {
		const known = this.#noted.get(keyId);
		if (known) return known;
		if (this.#noted.size >= maxKeys) return null;
		const noted: Noted = { lastUsedAt, sender, counts: new Map() };
		this.#noted.set(keyId, noted);
		return noted;
	}
}

function countUp({ counts }: Noted, permission: string, count: number, at: Date): void {
	const known = counts.get(permission);
	if (!known) counts.set(permission, { count, lastUsedAt: at });
	else {
		known.count += count;
		if (at > known.lastUsedAt) known.lastUsedAt = at;
	}
}

const toUse = ([keyId, { lastUsedAt, sender, counts }]: [string, Noted]): KeyUse => ({
	keyId,
	lastUsedAt,
	lastUsedFrom: sender.address,
	lastUsedBy: parseProgram(sender.userAgent),
	permissions: [...counts].map(([permission, use]) => ({ permission, ...use }))
});
