import type { Pool } from 'pg';
import type { Vault } from '#lib/server/platform/secrets/vault.ts';
import type { NewSession } from './session.repository.ts';

/** The encryption context of an ID token. */
export const idTokenContext = 'session oauthBearerToken';

/** The identity a provider vouches for, with details of the provider's own session. */
export interface ProviderProof {
	readonly providerId: string;
	readonly issuer: string;
	readonly subject: string;
	readonly sid: string | null;
	readonly idToken: string;
}

/** The hash of a device code that another session of the user has approved. */
export interface DeviceProof {
	readonly codeHash: Uint8Array<ArrayBuffer>;
}

/** How a user authenticated: the hash that the password was compared with, a provider, or an approved device code. */
export type SessionProof =
	{ readonly passwordHash: string } | { readonly provider: ProviderProof } | { readonly device: DeviceProof };

interface Variant {
	/** Runs before the user is found. */
	readonly before?: string;
	/** Finds and locks the user if the proof still holds. */
	readonly user: string;
	/** What the device is known by, if not by its type. */
	readonly kind?: string;
	/** The name of a program, for the list of sessions. */
	readonly clientName?: string;
	readonly columns: string;
	readonly values: string;
	readonly more: string;
}

// One statement that locks the user, so that a reset runs before or after it, never in between. A device is new if the user
// has had others, including in ended sessions, and none of its kind, or if its kind has signed in before but never from this
// network. The same statement records the sign-in and creates the notification of a new device, which saves round trips.
const startText = ({ before = '', user, kind = '$5', clientName = 'NULL', columns, values, more }: Variant) => `
		WITH ${before}account AS (
			${user}
		), place AS (
			SELECT CASE WHEN $10::inet IS NULL THEN 'unknown' ELSE
				network(set_masklen($10::inet, CASE family($10::inet) WHEN 4 THEN 24 ELSE 48 END))::text END AS "network"
		), seen AS (
			SELECT "network" FROM immich_auth.known_network
			WHERE "userId" = $2::uuid AND "deviceType" = ${kind}::varchar AND "deviceOS" = $6::varchar
				AND "isApp" = ($7::varchar IS NOT NULL)
		), device AS (
			SELECT (
				EXISTS (SELECT FROM immich_auth.known_device WHERE "userId" = $2::uuid)
				OR EXISTS (SELECT FROM "session" WHERE "userId" = $2::uuid)
			) AND (NOT (
				EXISTS (
					SELECT FROM immich_auth.known_device
					WHERE "userId" = $2::uuid AND "deviceType" = ${kind}::varchar AND "deviceOS" = $6::varchar
						AND "isApp" = ($7::varchar IS NOT NULL)
				) OR EXISTS (
					SELECT FROM "session"
					WHERE "userId" = $2::uuid AND "deviceType" = ${kind}::varchar AND "deviceOS" = $6::varchar
						AND ("appVersion" IS NOT NULL) = ($7::varchar IS NOT NULL)
				)
			) OR (
				EXISTS (SELECT FROM seen) AND NOT EXISTS (SELECT FROM seen JOIN place USING ("network"))
			)) AS "isNew"
		), started AS (
			INSERT INTO "session" ("id", "userId", "token", "expiresAt", "deviceType", "deviceOS", "appVersion"${columns})
			SELECT $1::uuid, "id", $3, $4, $5::varchar, $6::varchar, $7::varchar${values} FROM account
			RETURNING "id", "userId"
		), origin AS (
			INSERT INTO immich_auth.session_origin ("sessionId", "signInAddress", "lastAddress", "newUntil", "clientName")
			SELECT started."id", $9::varchar, $9::varchar,
				CASE WHEN device."isNew" THEN now() + interval '7 days' END, ${clientName}::varchar
			FROM started, device
		), notified AS (
			INSERT INTO "notification" ("userId", "level", "type", "title", "description", "data")
			SELECT started."userId", $13, $14, $15, $16, $17::jsonb FROM started, device WHERE device."isNew"
		), known AS (
			INSERT INTO immich_auth.known_device ("userId", "deviceType", "deviceOS", "isApp")
			SELECT "userId", ${kind}::varchar, $6::varchar, $7::varchar IS NOT NULL FROM started
			ON CONFLICT DO NOTHING
		), connected AS (
			INSERT INTO immich_auth.known_network ("userId", "deviceType", "deviceOS", "isApp", "network")
			SELECT started."userId", ${kind}::varchar, $6::varchar, $7::varchar IS NOT NULL, place."network" FROM started, place
			ON CONFLICT ("userId", "deviceType", "deviceOS", "isApp", "network") DO UPDATE SET "lastSeenAt" = now()
		), recorded AS (
			INSERT INTO immich_auth.audit_event ("action", "actorId", "actorName", "actorEmail", "subjectId", "subjectName",
				"subjectEmail", "objectKind", "objectId", "address", "client", "correlationId")
			SELECT 'auth.signIn', "id", left("name", 500), "email", "id", left("name", 500), "email", 'session', $1::uuid,
				$10::inet, $11, $12
			FROM account
		)${more}
		INSERT INTO immich_auth.user_activity ("userId", "lastSignInAt", "lastSeenAt")
		SELECT "id", now(), now() FROM account
		ON CONFLICT ("userId") DO UPDATE SET "lastSignInAt" = now(), "lastSeenAt" = now()`;

const byPassword = {
	name: 'session-start',
	text: startText({
		user: `SELECT "id", "name", "email" FROM "user"
			WHERE "id" = $2::uuid AND "password" = $8 AND "deletedAt" IS NULL FOR UPDATE`,
		columns: '',
		values: '',
		more: ''
	})
};

// The identity is locked too, so that unlinking it runs before or after.
const byProvider = (name: string, columns: string, values: string) => ({
	name,
	text: startText({
		user: `SELECT users."id", users."name", users."email" FROM "user" AS users
			JOIN immich_auth.oauth_identity AS identity ON identity."userId" = users."id"
			WHERE users."id" = $2::uuid AND identity."issuer" = $8 AND identity."subject" = $18
				AND users."deletedAt" IS NULL FOR UPDATE`,
		columns,
		values,
		more: `, of_provider AS (
			INSERT INTO immich_auth.oauth_session ("sessionId", "providerId", "issuer", "subject")
			SELECT "id", $19, $8, $18 FROM started
		), used AS (
			UPDATE immich_auth.oauth_identity SET "lastUsedAt" = now()
			WHERE "issuer" = $8 AND "subject" = $18 AND "userId" IN (SELECT "userId" FROM started)
		)`
	})
});

const withToken = byProvider(
	'session-start-provider',
	', "oauthSid", "oauthBearerToken"',
	', $20::varchar, $21::varchar'
);
/** For Immich 3.0, which doesn't store the provider's token. */
const withoutToken = byProvider('session-start-provider-3.0', ', "oauthSid"', ', $20::varchar');

/** The password hasn't changed since the approval. */
const isSamePassword = `taken."passwordDigest" = sha256(convert_to(coalesce(users."password", ''), 'UTF8'))`;
/** The provider that started the approving session, if one did, is still linked. */
const isStillLinked = `NOT EXISTS (
					SELECT FROM immich_auth.oauth_session AS begun
					WHERE begun."sessionId" = approving."id" AND NOT EXISTS (
						SELECT FROM immich_auth.oauth_identity AS identity
						WHERE identity."userId" = users."id" AND identity."issuer" = begun."issuer"
							AND identity."subject" = begun."subject"
					)
				)`;
const locks = 'FOR UPDATE OF users FOR KEY SHARE OF approving';

// The code is used up whether or not a session starts. The approval holds only as long as the session that gave it, which is
// locked so that ending it runs before or after; the password; and the link to the provider that started that session. The
// new session counts as started by the same provider, so it ends if the user is unlinked or signed out there.
const byDevice = {
	name: 'session-start-device',
	text: startText({
		before: `taken AS (
			UPDATE immich_auth.device_authorization SET "state" = 'used'
			WHERE "deviceCodeHash" = $8 AND "state" = 'approved' AND "expiresAt" > now()
			RETURNING "clientName", "userId", "sessionId", "passwordDigest"
		), `,
		user: `SELECT users."id", users."name", users."email", approving."id" AS "approvedBy" FROM taken
			JOIN "user" AS users ON users."id" = taken."userId"
			JOIN "session" AS approving ON approving."id" = taken."sessionId" AND approving."userId" = users."id"
			WHERE users."id" = $2::uuid AND users."deletedAt" IS NULL
				AND ${isSamePassword} AND ${isStillLinked}
			${locks}`,
		// Apart from the names of browsers, which the program could take.
		kind: `(SELECT 'program ' || "clientName" FROM taken)`,
		clientName: '(SELECT "clientName" FROM taken)',
		columns: '',
		values: '',
		more: `, of_provider AS (
			INSERT INTO immich_auth.oauth_session ("sessionId", "providerId", "issuer", "subject")
			SELECT started."id", begun."providerId", begun."issuer", begun."subject"
			FROM started, account JOIN immich_auth.oauth_session AS begun ON begun."sessionId" = account."approvedBy"
		)`
	})
};

/** What the statement compares with the database. */
function getCompared(proof: SessionProof): string | Uint8Array {
	if ('passwordHash' in proof) return proof.passwordHash;
	return 'device' in proof ? proof.device.codeHash : proof.provider.issuer;
}

/** Creates a session and records the sign-in; returns false if the user is gone or the proof no longer holds. */
export async function startSession(
	pool: Pool,
	session: NewSession,
	vault: Vault,
	hasBearerToken: boolean
): Promise<boolean> {
	const { id, userId, tokenHash, expiresAt, deviceType, deviceOS, appVersion, proof, address, clientInfo } = session;
	const { level, type, title, description, data } = session.notice;
	const values = [
		...[id, userId, tokenHash, expiresAt, deviceType, deviceOS, appVersion],
		...[getCompared(proof), address],
		...[clientInfo.address, clientInfo.client, clientInfo.correlationId],
		...[level, type, title, description, JSON.stringify(data)]
	];
	if ('passwordHash' in proof) return (await pool.query({ ...byPassword, values })).rowCount === 1;
	if ('device' in proof) return (await pool.query({ ...byDevice, values })).rowCount === 1;
	const { subject, providerId, sid } = proof.provider;
	const ofProvider = [...values, subject, providerId, sid];
	if (!hasBearerToken) return (await pool.query({ ...withoutToken, values: ofProvider })).rowCount === 1;
	const idToken = vault.sealInMirror(idTokenContext, proof.provider.idToken);
	return (await pool.query({ ...withToken, values: [...ofProvider, idToken] })).rowCount === 1;
}
