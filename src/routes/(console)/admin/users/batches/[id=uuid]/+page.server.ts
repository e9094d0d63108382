import { UserBatchItemQuery } from '#lib/contract/user-batches/user-batch.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { readDownloadKey, startForBrowser } from '#lib/server/features/user-batches/batch-secret-cookie.http.ts';

export const load = loadFor(async ({ services, id, event }) => {
	const parsed = UserBatchItemQuery.safeParse(Object.fromEntries(event.url.searchParams));
	const { outcome, after } = parsed.data ?? {};
	const [batch, items] = await Promise.all([
		services.userBatch.get(id),
		services.userBatch.listItems(id, outcome, after)
	]);
	return { batch, items, outcome: outcome ?? null, after: after ?? 0, downloadKey: readDownloadKey(event.cookies, id) };
});

const getBatchPath = ({ params }: { params: { id: string } }) => `/admin/users/batches/${params.id}`;

export const actions = {
	start: action('startUserBatch', startForBrowser, getBatchPath),
	retry: action(
		'retryUserBatch',
		({ auth, params, services }) => services.userBatch.draftRetry(auth, params.id),
		(_, { id }) => `/admin/users/batches/${id}`
	),
	discard: action(
		'discardUserBatch',
		({ auth, params, services }) => services.userBatch.discard(auth, params.id),
		() => '/admin/users'
	)
};
