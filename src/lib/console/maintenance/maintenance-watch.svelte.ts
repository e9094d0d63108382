import type { MaintenanceNotice } from '#lib/contract/maintenance/maintenance.ts';

const calmMs = 30_000;
const alertMs = 5_000;

/**
 * Asks whether the server is in maintenance, as nobody: a page that is left open must not keep its session in use, nor what a
 * PIN has unlocked.
 */
const asNobody: RequestInit = { credentials: 'omit' };

/** Asks an address of the interface, which parses its replies through the contract's row; null where it does not answer. */
async function ask<Reply>(path: string, how: RequestInit = {}): Promise<Reply | null> {
	const answer = await fetch(path, how).catch(() => null);
	const isReply = answer?.ok === true && answer.headers.get('content-type')?.includes('json');
	const reply: unknown = isReply ? await answer.json().catch(() => null) : null;
	return reply as Reply | null;
}

/** Tells whether the server is in maintenance; null where it does not say. */
export async function isInMaintenance(): Promise<boolean | null> {
	const status = await ask<{ active: boolean }>('/api/admin/maintenance/status', asNobody);
	return status?.active ?? null;
}

/** Looks again and again for as long as the page is shown, and at once when it is shown again. Ends by what it returns. */
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

/** What a page that stays open learns of maintenance: announced, begun, over again. Nothing that was typed is lost. */
export class MaintenanceWatch {
	readonly #served: () => MaintenanceNotice;
	#heard = $state.raw<MaintenanceNotice | null>(null);
	/** It has begun while this page was open. */
	isOn = $state(false);
	/** It has begun and ended while this page was open. */
	isOver = $state(false);

	/** Call it while a component is set up. */
	constructor(served: () => MaintenanceNotice) {
		this.#served = served;
		$effect(() => {
			served();
			this.#heard = null;
		});
		$effect(() => lookAgain(this.#look, this.#pauseMs));
	}

	get notice(): MaintenanceNotice {
		return this.#heard ?? this.#served();
	}

	readonly #pauseMs = (): number => {
		const { startsAt } = this.notice;
		const leftMs = startsAt === null ? calmMs : Date.parse(startsAt) - Date.now();
		return this.isOn || leftMs < calmMs ? alertMs : calmMs;
	};

	/** Looks without waiting: the server has said that maintenance has begun or ended. */
	readonly lookNow = (): void => void this.#look();

	/** Reads what is announced: the server has said that it has changed. */
	readonly readNotice = async (): Promise<void> => {
		this.#heard = (await ask<MaintenanceNotice>('/api/maintenance-notice')) ?? this.#heard;
	};

	readonly #look = async (): Promise<void> => {
		const active = await isInMaintenance();
		if (active === null) return;
		this.isOver = !active && (this.isOn || this.isOver);
		this.isOn = active;
	};
}
