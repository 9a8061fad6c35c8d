<?php

/**
 * Stands for WHMCS: what it defines, and the one table the module writes to. One call of a module function comes as JSON on standard input; what it
 * returned, what it wrote and what it logged goes out as JSON.
 */

namespace WHMCS\Service {
    final class Status
    {
        public const PENDING = 'Pending';
        public const ACTIVE = 'Active';
        public const SUSPENDED = 'Suspended';
        public const TERMINATED = 'Terminated';
    }
}

namespace WHMCS\Database {
    final class Capsule
    {
        /** @var array<int, array<string, mixed>> rows by id */
        public static array $hosting = [];

        public static function table(string $name): Query
        {
            if ($name !== 'tblhosting') {
                throw new \RuntimeException("There is no table $name here.");
            }
            return new Query();
        }
    }

    final class Query
    {
        private array $conditions = [];

        public function where(string $column, $value): self
        {
            $this->conditions[$column] = $value;
            return $this;
        }

        public function update(array $values): int
        {
            $changed = 0;
            foreach (Capsule::$hosting as &$row) {
                if (array_intersect_assoc($this->conditions, $row) == $this->conditions) {
                    $row = array_merge($row, $values);
                    $changed += 1;
                }
            }
            return $changed;
        }
    }
}

namespace {
    error_reporting(E_ALL);
    set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
        throw new ErrorException($message, 0, $level, $file, $line);
    });
    define('WHMCS', true);
    $logged = [];

    function logModuleCall($module, $action, $request, $response, $data = '', $replace = []): void
    {
        global $logged;
        $logged[] = [$module, $action, $request, $response, $data];
    }

    $asked = json_decode(stream_get_contents(STDIN), true, 32, JSON_THROW_ON_ERROR);
    \WHMCS\Database\Capsule::$hosting = $asked['hosting'];
    $params = $asked['params'];
    if (isset($params['model'])) {
        $params['model'] = (object) $params['model'];
    }
    require $asked['module'];
    $returned = $asked['function'] === 'berth_MetaData' || $asked['function'] === 'berth_ConfigOptions' ? $asked['function']() : $asked['function']($params);
    echo json_encode(['returned' => $returned, 'hosting' => \WHMCS\Database\Capsule::$hosting, 'logged' => $logged], JSON_THROW_ON_ERROR);
}
