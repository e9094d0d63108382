import type { AuditAction, RecordedChanges } from '#lib/contract/audit/audit.ts';
import type { NewAuditEvent } from '#lib/server/features/audit/index.ts';
import { toMaintenanceView, type MaintenanceState } from './state.ts';

/** A change of the state, for the audit log. */
export interface RecordedStep {
	readonly action: AuditAction;
	readonly changes: RecordedChanges;
}

/** Creates the audit event of a step, with its author. */
export type StepRecorder = (step: RecordedStep) => NewAuditEvent;

const announcedFields = ['message', 'startsAt', 'expectedEndAt', 'endsAt'] as const;

/** Describes a step; null if nothing visible has changed. */
export function stepBetween(from: MaintenanceState, to: MaintenanceState): RecordedStep | null {
	const changes = getChanges(from, to);
	const isSame = from.kind === to.kind && Object.keys(changes).length === 0;
	return isSame ? null : { action: getAction(from, to), changes: to.kind === 'off' ? {} : changes };
}

/** Records a step of the clock. */
export const recordAsOwn: StepRecorder = (step) => ({
	...step,
	actor: null,
	credential: null,
	clientInfo: { address: null, client: null, correlationId: null }
});

function getAction(from: MaintenanceState, to: MaintenanceState): AuditAction {
	if (to.kind === 'off') return from.kind === 'announced' ? 'maintenance.withdraw' : 'maintenance.end';
	if (from.kind === to.kind) return 'maintenance.update';
	return to.kind === 'on' ? 'maintenance.begin' : 'maintenance.announce';
}

function getChanges(from: MaintenanceState, to: MaintenanceState): RecordedChanges {
	const [before, after] = [toMaintenanceView(from), toMaintenanceView(to)];
	const entries = announcedFields
		.map((field) => [field, { from: before[field], to: after[field] }] as const)
		.filter(([, change]) => change.from !== change.to);
	return Object.fromEntries(entries);
}
