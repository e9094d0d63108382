import { ApiError } from '../client/api.ts';
import { connect } from '../client/connect.ts';
import { Me, MyApiKey } from '../client/replies.ts';
import type { Context } from '../context.ts';
import { formatFacts } from '../terminal/output.ts';

/** Asks the server who the credential belongs to. */
export async function whoami(context: Context): Promise<void> {
	const { api, profile, kind } = await connect(context);
	const me = await api.call('GET /users/me', Me);
	const key =
		kind === 'api_key'
			? await api.call('GET /api-keys/me', MyApiKey).catch((error: unknown) => {
					if (error instanceof ApiError && error.status === 404) return null;
					throw error;
				})
			: null;
	const { id, email, name, isAdmin } = me;
	context.output.result({ id, email, name, isAdmin, server: api.server.url, profile, kind, apiKey: key }, () =>
		formatFacts([
			['Email', email],
			['Name', name],
			['User ID', id],
			['Admin', isAdmin],
			['Server', api.server.url],
			['Profile', profile ?? 'none (environment)'],
			...(key
				? ([
						['API key', key.name],
						['Permissions', key.permissions.join(', ')]
					] as const)
				: [])
		])
	);
}
