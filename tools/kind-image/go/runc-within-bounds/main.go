// runc-within-bounds is runc for a machine whose capability bounding set lacks some, as in a container or a small
// virtual machine: it takes those out of what Docker asks for (`--privileged` asks for all), which runc would refuse,
// and then becomes runc.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// In the order of their numbers, as in linux/capability.h.
var capabilities = strings.Fields(`CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP
LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT
SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE
AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`)

// The capabilities in this process's bounding set.
func bounds() (map[string]bool, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil, err
	}
	for _, line := range strings.Split(string(status), "\n") {
		hex, found := strings.CutPrefix(line, "CapBnd:")
		if !found {
			continue
		}
		set, err := strconv.ParseUint(strings.TrimSpace(hex), 16, 64)
		if err != nil {
			return nil, err
		}
		names := map[string]bool{}
		for number, name := range capabilities {
			names["CAP_"+name] = set&(1<<number) != 0
		}
		return names, nil
	}
	return nil, fmt.Errorf("no CapBnd in /proc/self/status")
}

// Takes what is out of bounds out of a container's config.json, or out of the process that `exec` is given.
func trim(path string) error {
	have, err := bounds()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	// Numbers stay as they are written: some are beyond what a float64 holds.
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		return err
	}
	process, whole := document["process"].(map[string]any)
	if !whole {
		process = document
	}
	sets, _ := process["capabilities"].(map[string]any)
	for set, value := range sets {
		names, _ := value.([]any)
		kept := []any{}
		for _, name := range names {
			if text, _ := name.(string); have[text] {
				kept = append(kept, name)
			}
		}
		sets[set] = kept
	}
	trimmed, err := json.Marshal(document)
	if err != nil {
		return err
	}
	return os.WriteFile(path, trimmed, 0o600)
}

// The value of an option that is written `--name value`, `--name=value` or `-n value`.
func option(arguments []string, long, short string) (string, bool) {
	for index, argument := range arguments {
		if value, found := strings.CutPrefix(argument, long+"="); found {
			return value, true
		}
		if (argument == long || argument == short) && index+1 < len(arguments) {
			return arguments[index+1], true
		}
	}
	return "", false
}

// The file that runc reads the capabilities from; none for its other commands.
func asked(arguments []string) (string, bool) {
	for index, argument := range arguments {
		switch argument {
		case "create", "run":
			bundle, named := option(arguments[index:], "--bundle", "-b")
			if !named {
				bundle = "."
			}
			return filepath.Join(bundle, "config.json"), true
		case "exec":
			return option(arguments[index:], "--process", "-p")
		}
	}
	return "", false
}

func main() {
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, "runc-within-bounds:", err)
		os.Exit(1)
	}
	if path, found := asked(os.Args[1:]); found {
		if err := trim(path); err != nil {
			fail(err)
		}
	}
	runc, err := exec.LookPath("runc")
	if err != nil {
		fail(err)
	}
	fail(syscall.Exec(runc, append([]string{"runc"}, os.Args[1:]...), os.Environ()))
}
