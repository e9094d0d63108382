import { maxImportRows } from '#lib/contract/user-batches/user-batch.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(() => ({ maxRows: maxImportRows }));

export const actions = {
	default: action(
		'importUsers',
		({ auth, body, services }) => services.userBatch.draftImport(auth, body.csv, body.withPasswords ?? true),
		(_, { id }) => `/admin/users/batches/${id}`
	)
};
