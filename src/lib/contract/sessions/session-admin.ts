import { z } from 'zod';
import { idParams, uuid } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import { SessionResponseDto } from './session.ts';

const userPage = '/(console)/admin/users/[id=uuid]';
const canDelete = { permission: 'adminSession.delete', admin: true } as const;

/** Confirmation text for signing out all users. */
export const allUsersConfirmation = 'sign everyone out';

export const sessionAdminOperations = defineOperations({
	getUserSessionsAdmin: {
		summary: 'List one account’s sessions',
		rest: 'GET /api/admin/users/[id]/sessions',
		access: { permission: 'adminSession.read', admin: true },
		params: idParams,
		reply: z.array(SessionResponseDto)
	},
	deleteUserSessionsAdmin: {
		summary: 'Sign a user out on all devices (your own current session is kept)',
		rest: 'DELETE /api/admin/users/[id]/sessions',
		form: defineForm({ at: `${userPage}/sessions?/endAll`, fields: z.object({}) }),
		access: canDelete,
		params: idParams,
		status: 204
	},
	deleteUserSessionAdmin: {
		summary: 'Sign out one of a user’s devices',
		rest: 'DELETE /api/admin/users/[id]/sessions/[sessionId]',
		form: defineForm({
			at: [`${userPage}?/endSession`, `${userPage}/sessions?/end`],
			fields: z.object({ session: uuid }),
			toParams: ({ session }) => ({ sessionId: session })
		}),
		access: canDelete,
		params: idParams.extend({ sessionId: uuid }),
		status: 204
	},
	deleteAllSessionsAdmin: {
		summary: 'Sign everyone out except the current session',
		rest: 'DELETE /api/admin/sessions',
		form: defineForm({
			at: '/(console)/admin/sessions/everyone?/default',
			fields: z.object({ confirmation: z.string().max(100) })
		}),
		access: canDelete,
		status: 204
	}
});
