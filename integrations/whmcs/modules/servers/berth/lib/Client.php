<?php

/**
 * Speaks to a Berth panel's billing interface (docs/billing.md). Nothing of a server's certificate is ever left unchecked, and no token
 * goes over plain http to another machine.
 */
final class BerthClient
{
    private const TIMEOUT_SECONDS = 30;

    private string $base;
    private string $token;

    /** @param array $params what WHMCS hands to every module function */
    public function __construct(array $params)
    {
        $host = trim((string) ($params['serverhostname'] ?? '')) ?: trim((string) ($params['serverip'] ?? ''));
        if (!preg_match('/^[A-Za-z0-9.-]+$/', $host)) {
            throw new BerthError('The server has no valid host name.', 'config');
        }
        $secure = !empty($params['serversecure']);
        if (!$secure && !in_array($host, ['127.0.0.1', 'localhost'], true)) {
            throw new BerthError('Tick "Use SSL Mode for Connections" for this server: its token must not be sent in the clear.', 'config');
        }
        $port = (int) ($params['serverport'] ?? 0);
        $this->base = ($secure ? 'https://' : 'http://') . $host . ($port > 0 ? ":$port" : '') . '/api/v1/billing/';
        $this->token = trim((string) ($params['serveraccesshash'] ?? '')) ?: trim((string) ($params['serverpassword'] ?? ''));
        if ($this->token === '') {
            throw new BerthError('The server has no access hash: put the billing token there.', 'config');
        }
    }

    /** What is to be struck out wherever something is written down. */
    public function secret(): string
    {
        return $this->token;
    }

    /**
     * Asks for one verb. Repeating is harmless, so an answer that was lost on the way is asked for once more.
     *
     * @return array<string, mixed>
     */
    public function ask(string $verb, array $body = []): array
    {
        try {
            return $this->askOnce($verb, $body);
        } catch (BerthError $error) {
            if ($error->reason !== 'connection') {
                throw $error;
            }
            return $this->askOnce($verb, $body);
        }
    }

    /** The same, and while the container is busy with something else again, for so many seconds. */
    public function askPatiently(string $verb, array $body, int $seconds = 20): array
    {
        $until = time() + $seconds;
        while (true) {
            try {
                return $this->ask($verb, $body);
            } catch (BerthError $error) {
                if (!in_array($error->reason, ['busy', 'in_progress', 'rate_limited'], true) || time() >= $until) {
                    throw $error;
                }
                usleep(500_000);
            }
        }
    }

    private function askOnce(string $verb, array $body): array
    {
        $curl = curl_init($this->base . $verb);
        curl_setopt_array($curl, [
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => json_encode((object) $body, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE),
            CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . $this->token, 'Content-Type: application/json', 'Accept: application/json'],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTPS | CURLPROTO_HTTP,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_CONNECTTIMEOUT => 10,
            CURLOPT_TIMEOUT => self::TIMEOUT_SECONDS,
            CURLOPT_USERAGENT => 'berth-whmcs',
        ]);
        $text = curl_exec($curl);
        $status = (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        $problem = curl_error($curl);
        curl_close($curl);
        if ($text === false) {
            throw new BerthError("The panel cannot be reached: $problem", 'connection');
        }
        $answer = json_decode((string) $text, true);
        if (!is_array($answer)) {
            throw new BerthError("The panel answered with status $status and no JSON.", 'answer');
        }
        if ($status >= 400) {
            throw BerthError::fromProblem($answer);
        }
        return $answer;
    }
}

/** What went wrong, in words that an administrator of WHMCS may read. */
final class BerthError extends RuntimeException
{
    public string $reason;

    public function __construct(string $message, string $reason)
    {
        parent::__construct($message);
        $this->reason = $reason;
    }

    /** @param array<string, mixed> $problem RFC 9457 */
    public static function fromProblem(array $problem): self
    {
        $parts = [(string) ($problem['detail'] ?? $problem['title'] ?? 'The panel refused it.')];
        foreach ($problem['issues'] ?? [] as $issue) {
            $parts[] = ($issue['path'] ?? '') . ' ' . ($issue['message'] ?? '') . '.';
        }
        if (isset($problem['remedy'])) {
            $parts[] = (string) $problem['remedy'];
        }
        if (isset($problem['reference'])) {
            $parts[] = '(Reference ' . $problem['reference'] . ')';
        }
        return new self(implode(' ', $parts), (string) ($problem['code'] ?? 'unknown'));
    }
}
