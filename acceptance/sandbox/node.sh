#!/bin/sh
# One node: namespaces of its own, Debian's engine tree as its root, one dockerd.
# Everything in here ends with the node's first process, because that process is PID 1 of a PID namespace: veth, mounts and
# containers need no undoing. Settings come as NBI_* from node.py; dockerd's arguments are the script's.
set -eu
umask 022
# As the engine's own service file would have it; a shell's 1024 open files are few for a hub full of servers.
ulimit -n 1048576 2> /dev/null || ulimit -n "$(ulimit -Hn)"

outside() {
    # Every process of the node is found by this cgroup, also after its parents were killed; so join it before any fork.
    echo $$ > "$NBI_CGROUP/cgroup.procs"
    # fd 9 keeps a way back to the host's network, for the other end of the cable.
    exec 9< /proc/self/ns/net
    exec setsid --fork unshare --mount --uts --net sh "$0" plug "$@"
}

plug() {
    hostname "$NBI_HOSTNAME"
    ip link add eth0 type veth peer name "$NBI_VETH" netns /proc/self/fd/9
    nsenter --net=/proc/self/fd/9 ip link set "$NBI_VETH" master "$NBI_BRIDGE" up
    exec 9<&-
    ip address add "$NBI_ADDRESS/24" dev eth0
    ip link set lo up
    ip link set eth0 up
    ip route add default via "$NBI_GATEWAY"
    furnish "$@"
}

furnish() {
    mount -t tmpfs -o mode=755 tmpfs "$NBI_RUN/scratch"
    cd "$NBI_RUN/scratch"
    mkdir upper work root
    # The tree is shared by all nodes, so what a node writes into it goes to the scratch.
    mount -t overlay -o "lowerdir=$NBI_TREE,upperdir=upper,workdir=work" overlay root
    cp "$0" root/node.sh
    cp "$NBI_RUN/resolv.conf" root/etc/resolv.conf
    echo "127.0.0.1 localhost $NBI_HOSTNAME" > root/etc/hosts
    # A company's own authority, where the host trusts one, also signs what dockerd pulls.
    if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
        cp -L /etc/ssl/certs/ca-certificates.crt root/etc/ssl/certs/ca-certificates.crt
    fi
    mount --rbind /sys root/sys
    # dockerd would look for a profile loader that the tree does not have.
    umount -l root/sys/kernel/security 2> /dev/null || true
    mount --rbind /dev root/dev
    mount -t tmpfs -o mode=755 tmpfs root/run
    mkdir -p root/run/nbi root/var/lib/docker
    mount --bind "$NBI_RUN" root/run/nbi
    mount --bind "$NBI_STORE" root/var/lib/docker
    cd root
    mkdir -p host
    pivot_root . host
    exec unshare --pid --fork sh /node.sh engine "$@"
}

engine() {
    mount -t proc proc /proc
    # dockerd raises kernel.keys.*, which is the whole machine's: here it cannot.
    mount --bind /proc/sys/kernel /proc/sys/kernel
    mount -o remount,bind,ro /proc/sys/kernel
    umount -l /host
    exec docker-init -- dockerd "$@"
}

"$@"
