import { askUpstream } from '#lib/server/features/upstream/index.ts';
import { ok, problem, type Finding } from './finding.ts';

/** Checks the Immich that the server is in front of, if there is one. */
export async function* checkUpstream(origin: string | undefined): AsyncGenerator<Finding> {
	if (origin === undefined) return;
	const { isUp, version, reason } = await askUpstream(origin);
	const found = isUp
		? ok(`Immich ${version ?? ''} responds.`)
		: problem(`Immich does not work. ${reason ?? ''}`, 'Start Immich, or correct IMMICH_UPSTREAM_URL.');
	yield { check: 'Immich', ...found };
}
