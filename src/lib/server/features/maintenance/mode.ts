import { CachedDocument } from '#lib/server/platform/cached-document.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { MaintenanceRepositories, MaintenanceStore } from './repositories.ts';
import { recordAsOwn, stepBetween, type StepRecorder } from './audit.ts';
import { nextChangeAtMs, parseMaintenance, stateAt, storeMaintenance, type MaintenanceState } from './state.ts';

const retryMs = 1_000;
/** The longest timer; the clock is checked again after it. */
const maxWaitMs = 60_000;

export interface MaintenanceListeners {
	/** Called on every instance when maintenance starts or ends, by an admin or by the clock. */
	readonly onSwitch: (isOn: boolean) => void;
	/** Called when the state read differs from the previous one. */
	readonly onRead: () => void;
}

/**
 * Whether this server is in maintenance, cached: every request checks it, so it must not cost a query. It is reloaded
 * whenever the database reports a change: docs/decisions/016.
 */
export class MaintenanceMode {
	readonly #store: MaintenanceStore;
	readonly #log: Log;
	readonly #listeners: MaintenanceListeners;
	#wasOn = false;
	readonly #stored: CachedDocument<MaintenanceState>;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#isStopped = false;

	constructor(store: MaintenanceStore, log: Log, listeners: MaintenanceListeners) {
		this.#store = store;
		this.#log = log;
		this.#listeners = listeners;
		this.#stored = new CachedDocument<MaintenanceState>(
			{ kind: 'off' },
			{
				read: async () => parseMaintenance(await store.maintenance.read()),
				onRead: (_, isChanged) => this.#follow(isChanged),
				onFailure: (error) => log.warn({ error }, 'The state of maintenance mode could not be read')
			}
		);
	}

	/** The state right now, whether or not it has been written yet. */
	get current(): MaintenanceState {
		return stateAt(this.#stored.current, Date.now());
	}

	/** Whether the server is in maintenance, as of the last read. */
	get isOn(): boolean {
		return this.current.kind === 'on';
	}

	/** Reloads the state; calls during a reload share one further reload. */
	refresh(): Promise<void> {
		return this.#stored.refresh();
	}

	/** The same, but a failure is only logged, and retried in the background. */
	reload(): Promise<void> {
		return this.#stored.follow();
	}

	/**
	 * Changes the state, one change at a time, and returns the new one. `change` receives the current state. Steps of the
	 * clock and of `change` are recorded in the same transaction, each with its own author. `check` runs once no other
	 * change can come in between, and may throw.
	 */
	async change(
		change: (state: MaintenanceState) => MaintenanceState,
		recorder: StepRecorder = recordAsOwn,
		check: (repositories: MaintenanceRepositories) => Promise<void> = () => Promise.resolve()
	): Promise<MaintenanceState> {
		const changed = await this.#store.transaction(async (repositories) => {
			const { maintenance, audit } = repositories;
			await maintenance.lock();
			await check(repositories);
			const stored = parseMaintenance(await maintenance.read());
			const current = stateAt(stored, Date.now());
			const next = change(current);
			if (next !== stored) {
				const { mode, plan } = storeMaintenance(next);
				await maintenance.write(mode, plan);
			}
			const passed = stepBetween(stored, current);
			if (passed) await audit.record(recordAsOwn(passed));
			const done = stepBetween(current, next);
			if (done) await audit.record(recorder(done));
			return next;
		});
		await this.refresh();
		return changed;
	}

	stop(): void {
		this.#isStopped = true;
		this.#stored.stop();
		clearTimeout(this.#timer);
	}

	#follow(isChanged: boolean): void {
		this.#notifyListeners();
		if (isChanged) this.#listeners.onRead();
		this.#watchClock();
	}

	#notifyListeners(): void {
		const { isOn } = this;
		if (isOn === this.#wasOn) return;
		this.#wasOn = isOn;
		this.#log.info(isOn ? 'Maintenance has started' : 'Maintenance has ended');
		this.#listeners.onSwitch(isOn);
	}

	/** Writes the steps of the clock; every instance tries, and the first one wins. */
	#watchClock(): void {
		const atMs = nextChangeAtMs(this.#stored.current);
		if (atMs === null) return clearTimeout(this.#timer);
		this.#wakeAfter(Math.min(Math.max(0, atMs - Date.now()), maxWaitMs), () => {
			if (atMs > Date.now()) return this.#watchClock();
			this.#notifyListeners();
			this.change((state) => state).catch((error: unknown) => {
				this.#log.warn({ error }, 'A change of maintenance mode could not be written');
				this.#wakeAfter(retryMs, () => this.#watchClock());
			});
		});
	}

	#wakeAfter(delayMs: number, wake: () => void): void {
		clearTimeout(this.#timer);
		if (this.#isStopped) return;
		this.#timer = setTimeout(wake, delayMs);
		this.#timer.unref();
	}
}
