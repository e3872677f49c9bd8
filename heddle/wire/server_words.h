// What a client makes of how its server ended the talk: errors of the socket, close frames and text frames as failures.
#pragma once

#include <string>

#include "heddle/wire/beast.h"
#include "heddle/wire/policy_failure.h"

namespace heddle::wire {

// `status`: of its HTTP answer, where it gave one.
PolicyFailure RefusedHandshake(const std::string& url, error_code error, unsigned status);

// `reason` is set where the connection ended by a close frame.
PolicyFailure BrokenConnection(const std::string& url, error_code error, const websocket::close_reason& reason,
                               size_t max_message_bytes);

// A text frame is a server's traceback: its last line is told, the whole stands in details().
PolicyFailure ServerSaid(const std::string& url, const Bytes& text);

}  // namespace heddle::wire
