import type { MaintenanceNotice } from '#lib/contract/maintenance/maintenance.ts';

const calmMs = 30_000;
const alertMs = 5_000;

/** Checks for maintenance mode without credentials: an open page must not keep its session or a PIN unlock alive. */
const withoutCredentials: RequestInit = { credentials: 'omit' };

/** Fetches from the API, which validates its responses against the contract; null on failure. */
async function fetchJson<Reply>(path: string, how: RequestInit = {}): Promise<Reply | null> {
	const answer = await fetch(path, how).catch(() => null);
	const isReply = answer?.ok === true && answer.headers.get('content-type')?.includes('json');
	const reply: unknown = isReply ? await answer.json().catch(() => null) : null;
	return reply as Reply | null;
}

/** Whether the server is in maintenance mode; null if unknown. */
export async function isInMaintenance(): Promise<boolean | null> {
	const status = await fetchJson<{ active: boolean }>('/api/admin/maintenance/status', withoutCredentials);
	return status?.active ?? null;
}

/**
 * Repeats `look` while the page is visible, and immediately when it becomes visible again. Returns a function that stops it.
 */
export function lookAgain(look: () => Promise<unknown>, pauseMs: () => number): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isOver = false;
	const wait = () => {
		clearTimeout(timer);
		if (!isOver) timer = setTimeout(() => void lookNow(), pauseMs());
	};
	const lookNow = async () => {
		if (!document.hidden) await look();
		wait();
	};
	const onShown = () => {
		if (!document.hidden) void lookNow();
	};
	document.addEventListener('visibilitychange', onShown);
	wait();
	return () => {
		isOver = true;
		clearTimeout(timer);
		document.removeEventListener('visibilitychange', onShown);
	};
}

/** Tracks maintenance mode for an open page: announced, started, ended. No input is lost. */
export class MaintenanceWatch {
	readonly #served: () => MaintenanceNotice;
	#latest = $state.raw<MaintenanceNotice | null>(null);
	/** Maintenance mode started while this page was open. */
	isOn = $state(false);
	/** Maintenance mode started and ended while this page was open. */
	isOver = $state(false);

	/** Call during component setup. */
	constructor(served: () => MaintenanceNotice) {
		this.#served = served;
		$effect(() => {
			served();
			this.#latest = null;
		});
		$effect(() => lookAgain(this.#look, this.#pauseMs));
	}

	get notice(): MaintenanceNotice {
		return this.#latest ?? this.#served();
	}

	readonly #pauseMs = (): number => {
		const { startsAt } = this.notice;
		const leftMs = startsAt === null ? calmMs : Date.parse(startsAt) - Date.now();
		return this.isOn || leftMs < calmMs ? alertMs : calmMs;
	};

	/** Checks immediately: the server sent that maintenance mode started or ended. */
	readonly lookNow = (): void => void this.#look();

	/** Fetches the announcement: the server sent that it changed. */
	readonly readNotice = async (): Promise<void> => {
		this.#latest = (await fetchJson<MaintenanceNotice>('/api/maintenance-notice')) ?? this.#latest;
	};

	readonly #look = async (): Promise<void> => {
		const active = await isInMaintenance();
		if (active === null) return;
		this.isOver = !active && (this.isOn || this.isOver);
		this.isOn = active;
	};
}
