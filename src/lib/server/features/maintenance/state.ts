import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { SetMaintenanceModeDto, type SetMaintenanceMode } from '#lib/contract/maintenance/maintenance.ts';
import type { StoredMaintenance } from './maintenance.repository.ts';

/** Immich's row. Its secret is text: those characters are the key, not the bytes they stand for. */
const MaintenanceModeState = z.union([
	z.object({
		isMaintenanceMode: z.literal(true),
		secret: z.string().min(1),
		action: SetMaintenanceModeDto.optional().catch(undefined)
	}),
	z.object({ isMaintenanceMode: z.literal(false) })
]);

const moment = z.number().nullable().catch(null);

/** Ours beside it: what people are told, and the times, in milliseconds since 1970. */
const Details = z.object({
	/** The secret of the period that this is about; it is made with the announcement, so that a token can be given then. */
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

/** 64 random bytes as hex, new for every period: leaving the mode makes every token of it worthless. */
export const newSecret = (): string => randomBytes(64).toString('hex');

/** Names a period without telling its secret. */
export const periodOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const startAction: SetMaintenanceMode = { action: 'start' };

/** Details that say nothing. */
export const plainDetails = (secret: string): Details => ({
	secret,
	message: '',
	startsAtMs: null,
	expectedEndAtMs: null,
	endsAtMs: null
});

/** Reads what is stored. A row that cannot be read counts as off, as a missing one does. */
export function parseMaintenance({ mode, plan }: StoredMaintenance): MaintenanceState {
	const state = MaintenanceModeState.safeParse(mode).data;
	const details = Details.safeParse(plan).data;
	if (state?.isMaintenanceMode) {
		const { secret, action = startAction } = state;
		// Details of another period, which ended where ours were not known, say nothing of this one.
		return { kind: 'on', details: details?.secret === secret ? details : plainDetails(secret), action };
	}
	if (!details || details.startsAtMs === null) return { kind: 'off' };
	return { kind: 'announced', details, startsAtMs: details.startsAtMs };
}

/** Writes a state as the two rows hold it. */
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

/** What has become of a state by itself: an announced period begins, one that nobody kept on ends. */
export function stateAt(state: MaintenanceState, nowMs: number): MaintenanceState {
	if (state.kind === 'announced') {
		const { details, startsAtMs } = state;
		const begun: MaintenanceState = { kind: 'on', details: { ...details, startsAtMs: null }, action: startAction };
		return startsAtMs <= nowMs ? stateAt(begun, nowMs) : state;
	}
	const isOver = state.kind === 'on' && state.details.endsAtMs !== null && state.details.endsAtMs <= nowMs;
	return isOver ? { kind: 'off' } : state;
}

/** When the next of that happens; null when nothing will. */
export function nextChangeAtMs(state: MaintenanceState): number | null {
	if (state.kind === 'announced') return state.startsAtMs;
	return state.kind === 'on' ? state.details.endsAtMs : null;
}
