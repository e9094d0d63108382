import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { JobDefinition, JobHandler } from '#lib/server/platform/job.ts';

/** The queue of the nightly run only; Immich's clients don't know it. */
export const nightlyQueue = 'nightly';

const nightlyRunKey = 'nightly-run';
const clockToleranceMs = 60 * 60 * 1_000;

const NightlyRun = z.object({
	/** The night it was due. */
	due: z.iso.datetime(),
	at: z.iso.datetime().nullable(),
	jobs: z.array(z.object({ name: z.string(), id: z.string() }))
});
/** The last nightly run; `at` is null if this server is still waiting for its first one. */
export type NightlyRun = z.output<typeof NightlyRun>;

interface Dependencies {
	readonly metadata: MetadataRepository;
	readonly settings: SettingsReader;
	/** By name. */
	readonly jobs: ReadonlyMap<string, JobDefinition>;
}

export async function readNightlyRun(metadata: MetadataRepository): Promise<NightlyRun | null> {
	return NightlyRun.safeParse(await metadata.getOwn(nightlyRunKey)).data ?? null;
}

/** Stores the night since which this server has been waiting. */
export async function beginWaiting(metadata: MetadataRepository, due: Date): Promise<void> {
	await metadata.setOwn(nightlyRunKey, { due: due.toISOString(), at: null, jobs: [] });
}

/** Enqueues the jobs of the nightly run. */
export const runNightly =
	({ metadata, settings, jobs }: Dependencies): JobHandler =>
	async ({ data, add }) => {
		await settings.refresh();
		const { due } = z.object({ due: z.iso.datetime() }).parse(data);
		const begun: NightlyRun['jobs'] = [];
		for (const [name, { isNightly }] of jobs) {
			const id = isNightly?.() ? await add(name) : null;
			if (id !== null) begun.push({ name, id });
		}
		await metadata.setOwn(nightlyRunKey, { due, at: new Date().toISOString(), jobs: begun });
		return `${begun.length} jobs started`;
	};

/** The last time the server's clock showed this time of day. */
export function lastDue(startTime: string, now: Date): Date {
	const today = atTime(startTime, now, 0);
	return today <= now ? today : atTime(startTime, now, -1);
}

/**
 * Whether this night's run is still pending. A run recorded for a later night predates the clock being set back, and the
 * nights until then must not be skipped; another server's clock may be a little ahead.
 */
export function isToRun(last: Pick<NightlyRun, 'due'>, due: Date, now: Date): boolean {
	const lastMs = Date.parse(last.due);
	return lastMs < due.getTime() || lastMs > now.getTime() + clockToleranceMs;
}

/** The next one. */
export function nextDue(startTime: string, now: Date): Date {
	const today = atTime(startTime, now, 0);
	return today > now ? today : atTime(startTime, now, 1);
}

function atTime(startTime: string, now: Date, daysLater: number): Date {
	const [hours = 0, minutes = 0] = startTime.split(':').map(Number);
	return new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysLater, hours, minutes);
}

/** One ID per night, whichever instance enqueues the run: a second insert conflicts with the first. */
export function getNightId(due: Date): string {
	const digest = createHash('sha256').update(`immich-auth nightly ${due.toISOString()}`).digest('hex');
	return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
