/**
 * Whether a user must change the password, which an admin has set or demanded to be changed: docs/decisions/005. It sees
 * `account` and, left-joined, `password_state` as `state`; without a row, no one set the password, so the user must change it.
 */
export const mustChangePassword = `(account."shouldChangePassword" AND coalesce(account."password", '') <> ''
	AND (state."setBy" IS DISTINCT FROM account."id" OR state."demandedAt" IS NOT NULL))`;
