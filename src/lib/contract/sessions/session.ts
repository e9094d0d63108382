import { z } from 'zod';
import { dateTime, idParams, uuid } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';

export const SessionResponseDto = z
	.object({
		id: z.string(),
		createdAt: dateTime,
		updatedAt: dateTime,
		expiresAt: dateTime.optional(),
		current: z.boolean(),
		deviceType: z.string(),
		deviceOS: z.string(),
		appVersion: z.string().nullable(),
		isPendingSyncReset: z.boolean()
	})
	.meta({ id: 'SessionResponseDto' });
export type SessionDto = z.output<typeof SessionResponseDto>;

export const SessionCreateDto = z
	.object({
		/** Seconds. */
		duration: z.int().min(1).max(3_155_760_000).optional(),
		deviceType: z.string().max(100).optional(),
		deviceOS: z.string().max(100).optional()
	})
	.meta({ id: 'SessionCreateDto' });

export const SessionCreateResponseDto = SessionResponseDto.extend({ token: z.string() }).meta({
	id: 'SessionCreateResponseDto'
});

export const SessionUpdateDto = z
	.object({ isPendingSyncReset: z.boolean().optional() })
	.meta({ id: 'SessionUpdateDto' });

const devicesPage = '/(console)/account/devices';
const chosenSession = {
	fields: z.object({ session: uuid }),
	toParams: ({ session }: { session: string }) => ({ id: session })
};

export const sessionOperations = defineOperations({
	getSessions: {
		summary: 'List your sessions, most recently used first',
		rest: 'GET /api/sessions',
		access: { permission: 'session.read' },
		reply: z.array(SessionResponseDto)
	},
	createSession: {
		summary: 'Create a child session for another device',
		rest: 'POST /api/sessions',
		access: { permission: 'session.create' },
		body: SessionCreateDto,
		reply: SessionCreateResponseDto,
		status: 201
	},
	deleteAllSessions: {
		summary: 'Sign out everywhere except the current session',
		rest: 'DELETE /api/sessions',
		form: defineForm({ at: `${devicesPage}?/endOthers`, fields: z.object({}) }),
		access: { permission: 'session.delete' },
		status: 204
	},
	updateSession: {
		summary: 'Change one of your sessions',
		rest: 'PUT /api/sessions/[id]',
		twin: 'PATCH',
		access: { permission: 'session.update' },
		params: idParams,
		body: SessionUpdateDto,
		reply: SessionResponseDto
	},
	deleteSession: {
		summary: 'Sign out one of your devices',
		rest: 'DELETE /api/sessions/[id]',
		form: defineForm({ at: `${devicesPage}?/end`, ...chosenSession }),
		access: { permission: 'session.delete' },
		params: idParams,
		status: 204
	},
	lockSession: {
		summary: 'Lock a session',
		rest: 'POST /api/sessions/[id]/lock',
		access: { permission: 'session.lock' },
		params: idParams,
		status: 204
	},
	dismissNewDevice: {
		summary: 'Dismiss the new-device flag',
		rest: 'POST /api/sessions/[id]/dismiss-new-device',
		form: defineForm({ at: `${devicesPage}?/dismiss`, ...chosenSession }),
		access: { permission: 'session.update' },
		params: idParams,
		status: 204
	}
});
