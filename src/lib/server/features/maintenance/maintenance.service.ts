import type {
	MaintenanceAuthDto,
	MaintenanceNotice,
	MaintenancePlan,
	MaintenanceStatusResponseDto,
	MaintenanceView,
	SetMaintenanceMode
} from '#lib/contract/maintenance/maintenance.ts';
import type { z } from 'zod';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import {
	invalidMaintenanceToken,
	missingMaintenanceToken,
	notInMaintenance,
	restoreUnsupported,
	startNeeded
} from './errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { MaintenanceMode } from './mode.ts';
import {
	getPeriodId,
	newSecret,
	plainDetails,
	toMaintenanceView,
	type Details,
	type MaintenanceState
} from './state.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { signMaintenanceToken, verifyMaintenanceToken, type MaintenancePass } from './tokens.ts';
import type { SessionRepository } from '#lib/server/features/sessions/index.ts';

interface Dependencies {
	readonly mode: MaintenanceMode;
	readonly sessions: SessionRepository;
	readonly log: Log;
}

const minuteMs = 60_000;

/** Starts, announces, changes and ends maintenance. */
export class MaintenanceService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Starts or ends maintenance; returns a pass to the admin who starts it.
	 * Source: docs/wire-reference/maintenance.md#endpoints-outside-maintenance.
	 * @throws {AppError} 400 for `restore_database`
	 */
	async set(auth: Auth, dto: SetMaintenanceMode): Promise<MaintenancePass | null> {
		const { action } = dto;
		if (action === 'restore_database') throw restoreUnsupported();
		if (action === 'end') {
			await this.#change(auth, (state) => (state.kind === 'on' ? { kind: 'off' } : state), 'ended');
			return null;
		}
		// A period with a maintenance token has already started, or is over.
		if (auth.credential.kind === 'maintenance') return null;
		const begin = (state: MaintenanceState): MaintenanceState =>
			state.kind === 'on' ? state : { kind: 'on', details: plainDetails(newSecret()), action: dto };
		return this.#passFor(auth, await this.#change(auth, begin, 'begun'));
	}

	/**
	 * Announces or starts maintenance; while it is on, changes the message and when it ends.
	 * @throws {AppError} 400 if maintenance is off and no start is given
	 */
	async plan(auth: Auth, dto: MaintenancePlan): Promise<{ view: MaintenanceView; pass: MaintenancePass | null }> {
		const place = (state: MaintenanceState): MaintenanceState => {
			const secret = state.kind === 'off' ? newSecret() : state.details.secret;
			if (state.kind === 'on') return { ...state, details: toDetails(dto, secret, Date.now()) };
			if (dto.startsInMinutes === undefined) throw startNeeded();
			const startsAtMs = Date.now() + dto.startsInMinutes * minuteMs;
			const details = toDetails(dto, secret, startsAtMs);
			if (dto.startsInMinutes > 0) return { kind: 'announced', details, startsAtMs };
			return { kind: 'on', details, action: { action: 'start' } };
		};
		const state = await this.#change(auth, place, 'planned');
		const isGuest = auth.credential.kind === 'maintenance';
		return { view: toMaintenanceView(state), pass: isGuest ? null : await this.#passFor(auth, state) };
	}

	/** Withdraws an announcement. */
	async withdraw(auth: Auth): Promise<void> {
		await this.#change(auth, (state) => (state.kind === 'announced' ? { kind: 'off' } : state), 'withdrawn');
	}

	/**
	 * Postpones the automatic end to this many minutes from now.
	 * @throws {AppError} 400 if maintenance is off
	 */
	async keep(auth: Auth, minutes: number): Promise<MaintenanceView> {
		const state = await this.#change(
			auth,
			(before) => {
				if (before.kind !== 'on') throw notInMaintenance();
				return { ...before, details: { ...before.details, endsAtMs: Date.now() + minutes * minuteMs } };
			},
			'kept on'
		);
		return toMaintenanceView(state);
	}

	/**
	 * Starts maintenance, or issues another token if it is on: for the server's command line.
	 * Source: docs/wire-reference/command-line.md#immich-admin.
	 * @throws {AppError} 400 if maintenance was ended at the same moment
	 */
	async enable(auth: Auth): Promise<{ isNew: boolean; token: string }> {
		let isNew = true;
		const begin = (before: MaintenanceState): MaintenanceState => {
			isNew = before.kind !== 'on';
			if (before.kind === 'on') return before;
			return { kind: 'on', details: plainDetails(newSecret()), action: { action: 'start' } };
		};
		const state = await this.#change(auth, begin, 'begun');
		if (state.kind === 'off') throw notInMaintenance();
		const { token } = await signMaintenanceToken(state.details.secret, 'cli-admin', Date.now());
		return { isNew, token };
	}

	/** Ends maintenance from the server's command line; returns false if it was off. */
	async disable(auth: Auth): Promise<boolean> {
		let wasOn = false;
		const end = (before: MaintenanceState): MaintenanceState => {
			wasOn = before.kind === 'on';
			return wasOn ? { kind: 'off' } : before;
		};
		await this.#change(auth, end, 'ended');
		return wasOn;
	}

	/**
	 * Returns the holder of a token.
	 * @throws {AppError} 400 if maintenance is off, 401 without a valid token
	 */
	async login(token: string | undefined): Promise<z.input<typeof MaintenanceAuthDto>> {
		const { current } = this.#deps.mode;
		if (current.kind !== 'on') throw notInMaintenance();
		if (!token) throw missingMaintenanceToken();
		const claims = await verifyMaintenanceToken(current.details.secret, token);
		if (!claims) throw invalidMaintenanceToken();
		return claims;
	}

	/** Returns the state for Immich's clients; it contains nothing private. */
	status(): z.input<typeof MaintenanceStatusResponseDto> {
		const { current } = this.#deps.mode;
		return current.kind === 'on' ? { active: true, action: current.action.action } : { active: false, action: 'end' };
	}

	/** Returns the state for the console, with message and times. */
	view(): MaintenanceView {
		return toMaintenanceView(this.#deps.mode.current);
	}

	/** The announcement shown to signed-in users. */
	notice(): MaintenanceNotice {
		const { state, message, startsAt, expectedEndAt } = this.view();
		return state === 'announced'
			? { startsAt, expectedEndAt, message }
			: { startsAt: null, expectedEndAt: null, message: '' };
	}

	/** The number of users who would have to wait. */
	countSignedIn(): Promise<number> {
		return this.#deps.sessions.countUsers();
	}

	/** Rejects callers whose token belongs to another period. */
	async #change(
		auth: Auth,
		change: (state: MaintenanceState) => MaintenanceState,
		what: string
	): Promise<MaintenanceState> {
		const { credential, user } = auth;
		const state = await this.#deps.mode.change(
			(before) => {
				const isOfPeriod = before.kind === 'on' && getPeriodId(before.details.secret);
				if (credential.kind === 'maintenance' && credential.period !== isOfPeriod) throw invalidMaintenanceToken();
				return change(before);
			},
			(step) => buildAuditEntry(auth, { ...step, subject: null }),
			// A maintenance token belongs to no user; it is checked against the period above.
			(repositories) => (credential.kind === 'maintenance' ? Promise.resolve() : requireLiveAdmin(repositories, auth))
		);
		this.#deps.log.info({ userId: user.id, state: state.kind }, `Maintenance ${what}`);
		return state;
	}

	async #passFor(auth: Auth, state: MaintenanceState): Promise<MaintenancePass | null> {
		if (state.kind === 'off') return null;
		const fromMs = state.kind === 'announced' ? state.startsAtMs : Date.now();
		return signMaintenanceToken(state.details.secret, auth.user.name, fromMs);
	}
}

function toDetails({ message, expectedMinutes, endsAfterMinutes }: MaintenancePlan, secret: string, fromMs: number) {
	const after = (minutes: number | null) => (minutes === null ? null : fromMs + minutes * minuteMs);
	const times = { expectedEndAtMs: after(expectedMinutes), endsAtMs: after(endsAfterMinutes) };
	return { secret, message, startsAtMs: null, ...times } satisfies Details;
}
