import type { MaintenanceView } from '#lib/contract/maintenance/maintenance.ts';
import type { MaintenanceState } from './state.ts';

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
