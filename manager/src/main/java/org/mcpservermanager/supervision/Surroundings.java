package org.mcpservermanager.supervision;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.health.CheckSlots;
import org.mcpservermanager.process.Launcher;
import org.mcpservermanager.server.Events;

/**
 * What all supervisors share; tests pass a virtual clock and scripted children.
 *
 * @param wishes told every new wish, so that it survives a restart of the manager
 * @param nanos monotonic clock
 * @param clock wall clock, for people only
 * @param sharedProfile what a copy shared by many clients is told at initialize
 * @param askableProfile the same where the operator asked for a shared copy that may ask its clients
 */
record Surroundings(
        Launches launches,
        Launcher launcher,
        Dialer dialer,
        StartSlots slots,
        CheckSlots checks,
        Events events,
        Wishes wishes,
        Executor executor,
        ScheduledExecutorService timer,
        LongSupplier nanos,
        Clock clock,
        DoubleSupplier random,
        Profile sharedProfile,
        Profile askableProfile) {}
