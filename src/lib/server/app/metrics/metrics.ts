import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Pool } from 'pg';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import type { JobRepository } from '#lib/server/features/jobs/index.ts';
import type { ServerRepository } from '#lib/server/features/server-info/index.ts';

export interface Measured {
	readonly pool: Pool;
	readonly store: {
		readonly server: Pick<ServerRepository, 'countSessions'>;
		readonly jobs: Pick<JobRepository, 'count'>;
	};
	readonly passwords: Pick<PasswordHasher, 'waiting'>;
}

const prefix = 'immich_auth_';
const durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics for Prometheus. User names, addresses and IDs are never labels. */
export class Metrics {
	readonly registry = new Registry();
	readonly #requests: Histogram<'method' | 'route' | 'status'>;
	readonly #signIns: Counter<'outcome'>;

	constructor(measured: Measured) {
		const registers = [this.registry];
		collectDefaultMetrics({ register: this.registry, prefix });
		this.#requests = new Histogram({
			name: `${prefix}http_request_duration_seconds`,
			help: 'How long requests take until their answer begins.',
			labelNames: ['method', 'route', 'status'],
			buckets: durations,
			registers
		});
		this.#signIns = new Counter({
			name: `${prefix}sign_ins_total`,
			help: 'Sign-ins by password, done and refused.',
			labelNames: ['outcome'],
			registers
		});
		for (const outcome of ['done', 'refused']) this.#signIns.inc({ outcome }, 0);
		gauges(measured, registers);
	}

	/** Counts a response; `route` is null if the path matched none. */
	observeRequest(method: string, route: string | null, status: number, seconds: number): void {
		// Only known methods and routes: labels from user input would create unlimited series.
		const known = knownMethods.has(method) ? method : 'other';
		this.#requests.observe({ method: known, route: route ?? 'none', status: String(status) }, seconds);
	}

	countSignIn(outcome: 'done' | 'refused'): void {
		this.#signIns.inc({ outcome });
	}
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Gauges are computed when they are scraped. */
function gauges({ pool, store, passwords }: Measured, registers: Registry[]): void {
	new Gauge({
		name: `${prefix}sessions`,
		help: 'Sessions that are stored.',
		registers,
		async collect() {
			this.set(await store.server.countSessions());
		}
	});
	new Gauge({
		name: `${prefix}jobs`,
		help: 'Jobs by queue and by what has become of them.',
		labelNames: ['queue', 'status'],
		registers,
		async collect() {
			this.reset();
			for (const { queue, ...counts } of await store.jobs.count())
				for (const [status, count] of Object.entries(counts)) this.set({ queue, status }, count);
		}
	});
	new Gauge({
		name: `${prefix}database_connections`,
		help: 'Connections of this server’s pool: open, idle, and requests that wait for one.',
		labelNames: ['state'],
		registers,
		collect() {
			this.set({ state: 'open' }, pool.totalCount);
			this.set({ state: 'idle' }, pool.idleCount);
			this.set({ state: 'waiting' }, pool.waitingCount);
		}
	});
	new Gauge({
		name: `${prefix}password_hashes_waiting`,
		help: 'Passwords that wait to be hashed or compared.',
		registers,
		collect() {
			this.set(passwords.waiting);
		}
	});
}
