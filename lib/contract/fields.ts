import { z } from 'zod';

/**
 * A name, a title, anything that stands in one line of a page, a mail or a terminal: none of the characters that end a line, that a
 * terminal obeys, or that turn the direction of what stands around it.
 */
export const Line = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
      /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/,
      'must be one line, without control characters',
    );

/** What people write: lines and tabs, and nothing else that a terminal obeys. */
export const Text = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$/, 'must not contain control characters');

/** One DNS label: what a container may be called and the host name it starts with (RFC 1123, 63 characters). */
export const ContainerName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'use lower-case letters, digits and dashes, at most 63, no dash at the ends',
  );

/** A host name of one or more labels, at most 253 characters. */
export const Hostname = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    'use lower-case letters, digits, dashes and dots',
  );

/** One line of an authorized_keys file without options. Options are refused: they could run commands. */
export const SshPublicKey = z
  .string()
  .max(8192)
  .regex(
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]+={0,3}( [^\r\n\0]{0,200})?$/,
    'must be one public key as in authorized_keys: type, key, optional comment',
  );

/** The key itself, without type and comment: what tells it from others. */
export const KeyContent = z
  .string()
  .max(8192)
  .regex(/^[A-Za-z0-9+/]+={0,3}$/);
export const keyContent = (key: string): string => key.split(' ')[1] ?? key;
/** So many keys that were removed from a container are remembered. */
export const mostRemovedKeys = 500;

/** A password to be set inside a container. Control characters would break chpasswd's line format. */
export const ContainerPassword = z
  .string()
  .min(10, 'use at least 10 characters')
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not contain control characters');

export const Email = z.email().max(254).toLowerCase();
/** A person's password at the panel. Length is what counts (NIST SP 800-63B); the hash caps the work. */
export const PanelPassword = z.string().min(10, 'use at least 10 characters').max(200);

export const Port = z.int().min(1).max(65535);
export const Protocol = z.enum(['tcp', 'udp']);
export type Protocol = z.infer<typeof Protocol>;

export const PortForward = z.object({ protocol: Protocol, hostPort: Port, containerPort: Port });
export type PortForward = z.infer<typeof PortForward>;

/** What one container may use. Every value can be changed while it runs, the disk only while stopped where the kernel says so. */
export const Resources = z.object({
  /** Cores it may use at most, e.g. 0.5; enforced by CFS quota. */
  cpuCores: z.number().min(0.05).max(512),
  /** Relative weight under contention (cgroup v1 cpu.shares scale: 1024 is normal). */
  cpuShares: z.int().min(2).max(262144).default(1024),
  memoryBytes: z.int().min(16 * 1024 * 1024),
  pids: z.int().min(16).max(4_194_304),
  diskBytes: z.int().min(64 * 1024 * 1024),
  inodes: z.int().min(1024),
});
export type Resources = z.infer<typeof Resources>;

export const Empty = z.strictObject({});
