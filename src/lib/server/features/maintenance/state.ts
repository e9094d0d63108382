import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
	SetMaintenanceModeDto,
	type MaintenanceView,
	type SetMaintenanceMode
} from '#lib/contract/maintenance/maintenance.ts';
import type { StoredMaintenance } from './maintenance.repository.ts';

/** Immich's row. Its secret is text: the characters are the key, not the bytes they encode. */
const MaintenanceModeState = z.union([
	z.object({
		isMaintenanceMode: z.literal(true),
		secret: z.string().min(1),
		action: SetMaintenanceModeDto.optional().catch(undefined)
	}),
	z.object({ isMaintenanceMode: z.literal(false) })
]);

const moment = z.number().nullable().catch(null);

/** Our own row beside it: the message, and the times in milliseconds since 1970. */
const Details = z.object({
	/** The secret of the period, created with the announcement so that a token can be issued then. */
	secret: z.string().min(1),
	message: z.string().catch(''),
	startsAtMs: moment,
	expectedEndAtMs: moment,
	endsAtMs: moment
});
export type Details = z.output<typeof Details>;

export type MaintenanceState =
	| { readonly kind: 'off' }
	| { readonly kind: 'announced'; readonly details: Details; readonly startsAtMs: number }
	| { readonly kind: 'on'; readonly details: Details; readonly action: SetMaintenanceMode };

/** 64 random bytes as hex, new for every period: ending the mode invalidates all of its tokens. */
export const newSecret = (): string => randomBytes(64).toString('hex');

/** Identifies a period without revealing its secret. */
export const getPeriodId = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const startAction: SetMaintenanceMode = { action: 'start' };

/** Empty details. */
export const plainDetails = (secret: string): Details => ({
	secret,
	message: '',
	startsAtMs: null,
	expectedEndAtMs: null,
	endsAtMs: null
});

/** Parses the stored state. An invalid row counts as off, like a missing one. */
export function parseMaintenance({ mode, plan }: StoredMaintenance): MaintenanceState {
	const state = MaintenanceModeState.safeParse(mode).data;
	const details = Details.safeParse(plan).data;
	if (state?.isMaintenanceMode) {
		const { secret, action = startAction } = state;
		// Details of another period, one ended by a server that didn't know our row, don't apply to this one.
		return { kind: 'on', details: details?.secret === secret ? details : plainDetails(secret), action };
	}
	if (!details || details.startsAtMs === null) return { kind: 'off' };
	return { kind: 'announced', details, startsAtMs: details.startsAtMs };
}

/** Converts a state to the two stored rows. */
export function storeMaintenance(state: MaintenanceState) {
	switch (state.kind) {
		case 'off':
			return { mode: { isMaintenanceMode: false }, plan: {} };
		case 'announced':
			return { mode: { isMaintenanceMode: false }, plan: { ...state.details, startsAtMs: state.startsAtMs } };
		case 'on':
			return {
				mode: { isMaintenanceMode: true, secret: state.details.secret, action: storedAction(state.action) },
				plan: { ...state.details, startsAtMs: null }
			};
	}
}

const storedAction = ({ action, restoreBackupFilename }: SetMaintenanceMode) => ({
	action,
	...(restoreBackupFilename !== undefined && { restoreBackupFilename })
});

/** Applies the clock to a state: an announced period starts, and a period past its end is over. */
export function stateAt(state: MaintenanceState, nowMs: number): MaintenanceState {
	if (state.kind === 'announced') {
		const { details, startsAtMs } = state;
		const begun: MaintenanceState = { kind: 'on', details: { ...details, startsAtMs: null }, action: startAction };
		return startsAtMs <= nowMs ? stateAt(begun, nowMs) : state;
	}
	const isOver = state.kind === 'on' && state.details.endsAtMs !== null && state.details.endsAtMs <= nowMs;
	return isOver ? { kind: 'off' } : state;
}

/** When the clock changes the state next; null if never. */
export function nextChangeAtMs(state: MaintenanceState): number | null {
	if (state.kind === 'announced') return state.startsAtMs;
	return state.kind === 'on' ? state.details.endsAtMs : null;
}

const toIsoString = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The public part of a state. */
export function toMaintenanceView(state: MaintenanceState): MaintenanceView {
	if (state.kind === 'off') return { state: 'off', message: '', startsAt: null, expectedEndAt: null, endsAt: null };
	const { message, expectedEndAtMs, endsAtMs } = state.details;
	return {
		state: state.kind,
		message,
		startsAt: state.kind === 'announced' ? toIsoString(state.startsAtMs) : null,
		expectedEndAt: toIsoString(expectedEndAtMs),
		endsAt: toIsoString(endsAtMs)
	};
}
