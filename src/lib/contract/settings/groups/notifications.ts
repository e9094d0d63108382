import { z } from 'zod';
import { flexibleBoolean, settingText } from '../document/fields.ts';

export const AdminConfigSmtpTransportDto = z
	.object({
		host: settingText.meta({ title: 'Host', description: 'Name or address of the mail server.' }),
		port: z.int().min(0).max(65_535).meta({
			title: 'Port',
			description: 'Usually 587, or 465 where the connection is encrypted from its start.'
		}),
		secure: flexibleBoolean.meta({
			title: 'Encrypt from the start',
			description: 'Use TLS from the start. Leave it off for servers that use STARTTLS.'
		}),
		ignoreCert: flexibleBoolean.meta({
			title: 'Accept any certificate',
			description: "Does not check the mail server's certificate. Anybody between here and there could then read along."
		}),
		username: settingText.meta({
			title: 'User name',
			description: 'Empty for a mail server that asks for none.'
		}),
		password: settingText.meta({
			title: 'Password',
			description: 'The password that belongs to the user name.',
			format: 'password'
		})
	})
	.meta({ title: 'Mail server', description: 'SMTP server for outgoing email.' });

export const AdminConfigSmtpDto = z
	.object({
		enabled: flexibleBoolean.meta({
			title: 'Use this mail server',
			description: 'Tests the connection when you save. No email is sent yet.'
		}),
		from: settingText.meta({
			title: 'Sender',
			description: 'Address that mail comes from, for example Photos <photos@example.com>.'
		}),
		replyTo: settingText.meta({
			title: 'Replies to',
			description: 'Address that answers go to. Empty means the sender.'
		}),
		transport: AdminConfigSmtpTransportDto
	})
	.meta({ title: 'Email', description: 'The mail server for outgoing email.' });

export const AdminConfigNotificationsDto = z.object({ smtp: AdminConfigSmtpDto }).meta({
	title: 'Notifications',
	description: 'Email is not available yet: a mail server can be set, but nothing is sent.'
});

export const notificationsDefaults: z.output<typeof AdminConfigNotificationsDto> = {
	smtp: {
		enabled: false,
		from: '',
		replyTo: '',
		transport: { host: '', port: 587, secure: false, ignoreCert: false, username: '', password: '' }
	}
};
