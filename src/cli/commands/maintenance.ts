import { Api, ApiError } from '../client/api.ts';
import { connect, type Connection } from '../client/connect.ts';
import { MaintenancePlan, MaintenanceStatus } from '../client/replies.ts';
import type { Server } from '../client/server.ts';
import { CliError, usageError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { findToken, forgetToken, keepToken, requireKeepable } from '../session/maintenance-token.ts';
import { toPlainText } from '../session/plain-text.ts';
import { formatFacts } from '../terminal/output.ts';
import { confirm, readSecret } from '../terminal/prompts.ts';

const cookieName = 'immich_maintenance_token';
const mode = '/admin/maintenance';

interface StartOptions {
	readonly message?: string | undefined;
	readonly in?: string | undefined;
	readonly expected?: string | undefined;
	readonly endsAfter?: string | undefined;
	readonly yes?: true | undefined;
}

function toMinutes(option: string, text: string | undefined): number | null {
	if (text === undefined) return null;
	if (!/^\d{1,5}$/.test(text)) throw usageError(`${option} takes a number of minutes.`);
	return Number(text);
}

/** Starts maintenance, now or in some minutes, and keeps the token that ends it. */
export async function start(context: Context, options: StartOptions): Promise<void> {
	const plan = {
		message: options.message ?? '',
		startsInMinutes: toMinutes('--in', options.in) ?? 0,
		expectedMinutes: toMinutes('--expected', options.expected),
		endsAfterMinutes: toMinutes('--ends-after', options.endsAfter)
	};
	const isPlain = [options.message, options.in, options.expected, options.endsAfter].every(
		(given) => given === undefined
	);
	const connection = await connect(context);
	const { api, profile } = connection;
	if (await isActive(api)) throw new CliError(`${api.server.url} is in maintenance mode already.`);
	await requireKeepable(profile);
	const when = plan.startsInMinutes === 0 ? 'now' : `in ${plan.startsInMinutes} minutes`;
	await confirm(
		`Start maintenance of ${api.server.url} ${when}? Only admins with its token can use it then.`,
		options.yes
	);
	const response = isPlain
		? await api.do(`POST ${mode}`, { body: { action: 'start' } })
		: await api.do(`PUT ${mode}/plan`, { body: plan });
	const token = readToken(response);
	if (token === null) throw new CliError('The server gave no token to end the maintenance with.');
	await keepToken(profile, api.server.url, token);
	const view = await readPlan(connection);
	context.output.result(toJson(api.server, true, view), () => [
		plan.startsInMinutes === 0 ? 'Maintenance has started.' : `Maintenance starts ${when}.`,
		'End it with: immich-auth maintenance end'
	]);
}

function readToken(response: Response): string | null {
	const cookie = response.headers.getSetCookie().find((one) => one.startsWith(`${cookieName}=`));
	return cookie?.slice(cookieName.length + 1).split(';')[0] || null;
}

const isActive = async (api: Api): Promise<boolean> => (await api.call(`GET ${mode}/status`, MaintenanceStatus)).active;

/** Calls with the token of the maintenance; our servers read the header, Immich the cookie. */
const withToken = (server: Server, token: string) => ({
	api: new Api(
		server,
		{ token },
		'The token is of another maintenance, or has expired after 4 hours. Get a new one on the server with: immich-admin enable-maintenance-mode'
	),
	headers: { cookie: `${cookieName}=${token}` }
});

const keptToken = ({ api, profile }: Connection) => findToken(profile, api.server.url);

/** What is announced or in force; null if the server can't tell. */
async function readPlan(connection: Connection): Promise<MaintenancePlan | null> {
	const token = await keptToken(connection);
	const attempts = [connection.api, ...(token === null ? [] : [withToken(connection.api.server, token).api])];
	for (const api of attempts)
		try {
			return await api.call(`GET ${mode}/plan`, MaintenancePlan);
		} catch (error) {
			if (!(error instanceof CliError)) throw error;
		}
	return null;
}

const toJson = ({ url }: Server, active: boolean, plan: MaintenancePlan | null) => ({
	server: url,
	active: plan ? plan.state === 'on' : active,
	announced: plan?.state === 'announced',
	message: plan?.message ?? null,
	startsAt: plan?.startsAt ?? null,
	expectedEndAt: plan?.expectedEndAt ?? null,
	endsAt: plan?.endsAt ?? null
});

/** Shows whether the server is in maintenance, and what is announced. */
export async function status(context: Context): Promise<void> {
	const connection = await connect(context);
	const { api } = connection;
	const active = await isActive(api);
	const shown = toJson(api.server, active, await readPlan(connection));
	context.output.result(shown, () =>
		formatFacts([
			['Server', shown.server],
			['Maintenance', shown.active ? 'on' : shown.announced ? 'announced' : 'off'],
			...(shown.message ? ([['Message', shown.message]] as const) : []),
			...(shown.startsAt ? ([['Start', shown.startsAt]] as const) : []),
			...(shown.expectedEndAt ? ([['Expected end', shown.expectedEndAt]] as const) : []),
			...(shown.endsAt ? ([['Ends automatically', shown.endsAt]] as const) : [])
		])
	);
}

/** Ends maintenance, or withdraws what is announced. */
export async function end(context: Context, { tokenStdin }: { readonly tokenStdin?: true | undefined }): Promise<void> {
	const given = tokenStdin ? await readSecret('--token-stdin') : null;
	const connection = await connect(context);
	const { api: own, profile } = connection;
	const { server } = own;
	const done = async (text: string) => {
		await forgetToken(profile);
		context.output.result(toJson(server, false, null), () => text);
	};
	if (!(await isActive(own))) {
		const plan = await readPlan(connection);
		if (plan?.state !== 'announced') return done(`${toPlainText(server.url)} is not in maintenance mode.`);
		await own.do(`DELETE ${mode}/plan`);
		return done('The announced maintenance was withdrawn.');
	}
	const token = given ?? (await keptToken(connection));
	if (token === null)
		throw new CliError(
			'This maintenance was not started with this profile, so its token is not known here.',
			'Give its token with --token-stdin, or end it on the server with: immich-admin disable-maintenance-mode'
		);
	const { api, headers } = withToken(server, token);
	await api.do(`POST ${mode}`, { body: { action: 'end' }, headers }).catch((error: unknown) => {
		// Immich restarts before it has answered.
		if (error instanceof ApiError) throw error;
	});
	await done('Maintenance has ended.');
}
