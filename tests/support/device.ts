import { expect } from 'vitest';
import {
	deviceCodeGrant,
	DeviceCodeResponseDto,
	DeviceTokenResponseDto
} from '#lib/contract/device-authorization/device-authorization.ts';
import { buildCookie, type Api } from './api.ts';
import type { Reply, Send } from './http.ts';
import { guard } from './log-scan.ts';

export const clientName = 'immich-auth';

/** A program that asks for a code and polls for its token. */
export class Program {
	readonly #send: Send;
	readonly deviceCode: string;
	readonly userCode: string;

	constructor(send: Send, { device_code, user_code }: { device_code: string; user_code: string }) {
		this.#send = send;
		this.deviceCode = guard('a device code', device_code);
		this.userCode = user_code;
	}

	static async start(send: Send, headers: Record<string, string> = {}): Promise<Program> {
		const reply = await send('POST', '/api/auth/device/code', { form: { client_id: clientName }, headers });
		expect(reply.status, reply.text).toBe(200);
		return new Program(send, DeviceCodeResponseDto.parse(reply.body));
	}

	poll(changes: Record<string, string> = {}, send = this.#send): Promise<Reply> {
		const form = { grant_type: deviceCodeGrant, device_code: this.deviceCode, client_id: clientName, ...changes };
		return send('POST', '/api/auth/device/token', { form });
	}

	/** The error of a poll. */
	async refusal(): Promise<unknown> {
		const { status, body } = await this.poll();
		expect(status).toBe(400);
		return body;
	}

	/** The access token of a poll that succeeds. */
	async takeToken(): Promise<string> {
		const reply = await this.poll();
		expect(reply.status, reply.text).toBe(200);
		return DeviceTokenResponseDto.parse(reply.body).access_token;
	}
}

/** Types a code on the page and presses a button, as a browser without scripts does. */
export const answer = (api: Api, token: string, name: 'find' | 'approve' | 'deny', code: string): Promise<Reply> =>
	api.submit(`/device?/${name}`, { code }, buildCookie(token));

/** Approves a program, which must succeed. */
export async function approve(api: Api, token: string, { userCode }: Program): Promise<void> {
	const reply = await answer(api, token, 'approve', userCode);
	expect(reply.status, reply.text).toBe(200);
	expect(reply.text).toContain('It signs in within a few seconds');
}
