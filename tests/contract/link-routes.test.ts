import { expect, it } from 'vitest';
import type { Operation } from '#lib/contract/operation.ts';
import { listEntryPoints, operations } from '#lib/contract/index.ts';

/** Source: docs/wire-reference/shared-links.md#routes-open-to-shared-links; the last one is ours. */
const open = [
	'GET /api/albums/[id]',
	'GET /api/albums/[id]/map-markers',
	'POST /api/assets',
	'GET /api/assets/[id]',
	'GET /api/assets/[id]/original',
	'GET /api/assets/[id]/thumbnail',
	'GET /api/assets/[id]/video/playback',
	'POST /api/download/info',
	'POST /api/download/archive',
	'POST /api/search/metadata',
	'GET /api/timeline/buckets',
	'GET /api/timeline/bucket',
	'GET /api/download/archive'
];
const openWithoutPassword = ['GET /api/shared-links/me', 'POST /api/shared-links/login'];

const listOpen = (kind: 'withoutPassword' | true) =>
	Object.values<Operation>(operations)
		.filter(({ access }) => !('public' in access) && access.sharedLink === kind)
		.flatMap(listEntryPoints)
		// A form also needs the access of its page, and no page admits a visitor.
		.filter((entrance) => !entrance.includes('?/'));

it('exactly these operations are open to visitors of shared links', () => {
	expect(listOpen(true).toSorted()).toEqual(open.toSorted());
});

it('only reading the link and entering its password work without the password', () => {
	expect(listOpen('withoutPassword').toSorted()).toEqual(openWithoutPassword.toSorted());
});
